from django.db.models import Q

from foundation.accounts.models import User
from foundation.accounts.queries.people import Heads
from foundation.documents.rules import HEADS


def signers() -> set[int]:
    """Return everybody who may sign for a function at present. Two statements.

    Its head and deputies; leadership where it has no head.
    """
    deputies = User.objects.filter(~Q(deputy_for=""), is_active=True)
    heads = Heads()
    headed = {pk for function in HEADS for pk in heads.of(function)}
    return headed | set(deputies.values_list("pk", flat=True))
