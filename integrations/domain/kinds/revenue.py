from integrations.domain.kinds.identity import EXTERNAL, by_reference
from integrations.domain.kinds.kind import Kind
from integrations.domain.kinds.rules import NeedsUnless, OneOf
from integrations.domain.kinds.shared import (
    CURRENCY,
    EXTERNAL_ID,
    LEAD_EXTERNAL_ID,
    REASON,
    SYSTEM,
)
from integrations.domain.kinds.target import Target, Type
from integrations.domain.kinds.words import REVENUE as REVENUE_WORDS
from integrations.domain.sentences import gettext_noop

_CUSTOMER = ("company_external_id", "lead_external_id", "deal_external_id")

REVENUE = Kind(
    name="revenue",
    help=gettext_noop("What customers pay: new, more, less, no longer, or once."),
    targets=(
        SYSTEM,
        EXTERNAL_ID.but(
            words=f"{EXTERNAL_ID.words}, invoice, invoice id, factura, faktura"
        ),
        LEAD_EXTERNAL_ID,
        Target(
            "company_external_id",
            Type.LINE,
            gettext_noop("Identifier of the company that pays, in that system."),
            "company id, account id, customer id, id companie, id client, id firmy, "
            "id klienta",
            limit=120,
        ),
        Target(
            "deal_external_id",
            Type.LINE,
            gettext_noop("Identifier of the deal it follows from, in that system."),
            "deal id, opportunity id, id oferta, id szansy",
            limit=120,
        ),
        Target(
            "kind",
            Type.CHOICE,
            gettext_noop("New, expansion, contraction, churn or one-off."),
            "type, revenue type, tip, fel, typ, rodzaj",
            required=True,
            choices=REVENUE_WORDS,
        ),
        Target(
            "starts_on",
            Type.DAY,
            gettext_noop("Day from which it counts."),
            "date, start, start date, from, effective date, data, data inceput, "
            "data rozpoczecia, od",
            required=True,
        ),
        Target(
            "amount",
            Type.AMOUNT,
            gettext_noop(
                "Per month, or once for a one-off; the kind says whether it is taken "
                "away. A churn without amount ends everything."
            ),
            "mrr, monthly, value, revenue, valoare, suma, venit, wartosc, kwota, "
            "przychod",
            sign="above zero",
        ),
        CURRENCY,
        REASON,
    ),
    one_of=(OneOf(_CUSTOMER),),
    rules=(NeedsUnless("amount", "kind", "churn", "amount_missing"),),
    identifiers=("external_id", *_CUSTOMER),
    identities=(
        EXTERNAL,
        *by_reference(
            _CUSTOMER,
            also=("external_system", "kind", "starts_on", "amount", "currency"),
            unless=("external_id",),
        ),
    ),
)
