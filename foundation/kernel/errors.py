from collections.abc import Sequence

from django.utils.functional import Promise


class DomainError(Exception):
    """A business rule said no. The message may be shown to the person who asked.

    Subclasses live beside the function that raises them and set ``code``, which API
    clients may match on and which never changes once released. ``status`` is the
    HTTP status that pages and endpoints answer with. ``field`` names the place in
    the input that is at fault, where there is one; ``faults`` are all of them as
    (JSON pointer, code, sentence), where there may be several.
    """

    code = "domain_error"
    status = 409
    faults: Sequence[tuple[str, str, str]] = ()

    def __init__(self, message: str | Promise = "", *, field: str = "") -> None:
        super().__init__(message)
        self.field = field


class Forbidden(DomainError):
    """The person may see the record but not do this to it."""

    code = "forbidden"
    status = 403


class Invalid(DomainError):
    """The input itself is wrong, whatever the state of the records."""

    code = "invalid"
    status = 422
