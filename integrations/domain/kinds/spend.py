from integrations.domain.kinds.identity import by_reference
from integrations.domain.kinds.kind import Kind
from integrations.domain.kinds.rules import OneOf
from integrations.domain.kinds.shared import CAMPAIGN, CURRENCY, EXTERNAL_ID, SYSTEM
from integrations.domain.kinds.target import Target, Type
from integrations.domain.sentences import gettext_noop

SPEND = Kind(
    name="spend",
    help=gettext_noop("Money spent on campaigns, day by day."),
    targets=(
        SYSTEM,
        EXTERNAL_ID,
        CAMPAIGN.but(
            help=gettext_noop("Campaign, by its name."),
            words="campaign name, campanie, nume campanie, kampania, nazwa kampanii",
        ),
        Target(
            "campaign_external_id",
            Type.LINE,
            gettext_noop("Identifier of the campaign in that system."),
            "campaign id, id campanie, id kampanii",
            limit=120,
        ),
        Target(
            "day",
            Type.DAY,
            gettext_noop("Day on which it was spent."),
            "date, spend date, reporting starts, data, zi, ziua, dzien",
            required=True,
        ),
        Target(
            "amount",
            Type.AMOUNT,
            gettext_noop("How much was spent; below zero for money that came back."),
            "spend, cost, amount spent, costs, cheltuieli, cheltuiala, suma, "
            "cost total, koszt, koszty, wydatek, wydatki, kwota",
            required=True,
            sign="any",
        ),
        CURRENCY,
        Target(
            "category",
            Type.LINE,
            gettext_noop("What it was spent on."),
            "type, cost type, categorie, tip, kategoria, rodzaj",
            limit=60,
        ),
    ),
    one_of=(OneOf(("campaign", "campaign_external_id")),),
    identifiers=("external_id", "campaign_external_id"),
    identities=by_reference(
        ("campaign", "campaign_external_id"),
        also=("day", "category", "external_system", "external_id"),
    ),
)
