"""The English sentence of every reason for which a readable row is not taken."""

from collections.abc import Callable, Mapping

from integrations.domain.sentences import SENTENCES, gettext_noop

REFUSALS = {
    "identity_conflict": gettext_noop(
        "What identifies this row belongs to different records. Mend the identifier, "
        "the address or the name."
    ),
    "before_lead_created": gettext_noop("This happened before the lead was created."),
    "in_future": gettext_noop("This has not happened yet."),
    "out_of_order": gettext_noop(
        "Something later is known already, and this does not fit before it."
    ),
    "no_way": gettext_noop("A lead cannot go from its stage to that one."),
    "already_there": gettext_noop(
        "The lead reached this stage already, at another time."
    ),
    "reason_required": gettext_noop("Give a reason from the agreed list."),
    "unknown_reason": gettext_noop("“%(text)s” is not on the agreed list of reasons."),
    "unknown_lead": gettext_noop("There is no such lead. Load the leads first."),
    "unknown_company": gettext_noop(
        "There is no such company. Load the companies first."
    ),
    "unknown_campaign": gettext_noop(
        "There is no such campaign. Load the campaigns first, or name it."
    ),
    "unknown_deal": gettext_noop("There is no such deal. Load the deals first."),
    "owner_too_long": gettext_noop(
        "An owner is written with at most %(limit)s characters."
    ),
    "customer_goes_nowhere": gettext_noop("The lead cannot reach this stage."),
    "currency_missing": gettext_noop("An amount needs its currency."),
    "more_than_there_is": gettext_noop("The customer pays less than is taken away."),
    "nothing_to_end": gettext_noop("The customer pays nothing that could end."),
    "known_otherwise": gettext_noop(
        "This identifier is known with another kind, day, amount or currency. Give "
        "this row another one."
    ),
    "rate_known": gettext_noop(
        "Another rate is published for this day already (%(rate)s)."
    ),
    "same_currency": gettext_noop("A currency has no rate against itself."),
}


def sentence(
    code: str, params: Mapping[str, object], translate: Callable[[str], str] = str
) -> str:
    """Return the sentence of a rejection in the language of ``translate``."""
    template = REFUSALS.get(code) or SENTENCES[code]
    return translate(template) % params
