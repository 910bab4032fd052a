from integrations.domain.kinds.identity import EXTERNAL, Identity
from integrations.domain.kinds.kind import Kind
from integrations.domain.kinds.rules import InOrder
from integrations.domain.kinds.shared import CURRENCY, EXTERNAL_ID, OWNER, SYSTEM
from integrations.domain.kinds.target import Target, Type
from integrations.domain.kinds.words import CHANNELS
from integrations.domain.sentences import gettext_noop

CAMPAIGNS = Kind(
    name="campaigns",
    help=gettext_noop("Campaigns with their channel, days and budget."),
    targets=(
        SYSTEM,
        EXTERNAL_ID.but(words=f"{EXTERNAL_ID.words}, campaign id"),
        Target(
            "name",
            Type.LINE,
            gettext_noop("Name of the campaign; found again by it."),
            "campaign, campaign name, campanie, nume campanie, denumire, kampania, "
            "nazwa kampanii, nazwa",
            required=True,
            limit=150,
        ),
        Target(
            "channel",
            Type.CHOICE,
            gettext_noop("Channel: search, event, e-mail …"),
            "medium, type, canal, tip, kanal, typ",
            choices=CHANNELS,
        ),
        Target(
            "starts_on",
            Type.DAY,
            gettext_noop("First day."),
            "start, start date, from, data inceput, data de inceput, inceput, "
            "data rozpoczecia, poczatek, od",
        ),
        Target(
            "ends_on",
            Type.DAY,
            gettext_noop("Last day."),
            "end, end date, to, until, data sfarsit, data de sfarsit, sfarsit, "
            "data zakonczenia, koniec, do",
        ),
        Target(
            "budget",
            Type.AMOUNT,
            gettext_noop("Planned spend."),
            "planned spend, planned budget, buget, budzet",
        ),
        CURRENCY,
        OWNER,
    ),
    rules=(InOrder("starts_on", "ends_on"),),
    identifiers=("external_id",),
    identities=(EXTERNAL, Identity(("name",))),
)
