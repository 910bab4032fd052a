"""Which revision of a shared document a change was written for."""

from django.utils.translation import gettext_lazy as _
from rest_framework.request import Request

from foundation.kernel.errors import DomainError

_LONGEST = 10


class IfMatchMissing(DomainError):
    """A shared document changes only with the ETag of what was read."""

    code = "if_match_required"
    status = 428


def revision_of(request: Request) -> int:
    """Return the revision of ``If-Match``; one that is none matches nothing.

    Raises:
        IfMatchMissing: there is no such header.
    """
    sent = request.headers.get("If-Match", "").strip()
    if not sent:
        raise IfMatchMissing(_("Send If-Match with the ETag of what you read."))
    number = sent.strip('"')
    return int(number) if number.isdecimal() and len(number) < _LONGEST else -1
