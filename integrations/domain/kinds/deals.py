from integrations.domain.kinds.identity import EXTERNAL, by_reference
from integrations.domain.kinds.kind import Kind
from integrations.domain.kinds.rules import InOrder, Needs, OneOf
from integrations.domain.kinds.shared import (
    CAMPAIGN,
    COUNTRY,
    CURRENCY,
    EXTERNAL_ID,
    LEAD,
    OWNER,
    REASON,
    SEGMENT,
    SOURCE,
    SYSTEM,
)
from integrations.domain.kinds.target import Target, Type
from integrations.domain.kinds.words import OUTCOMES
from integrations.domain.sentences import gettext_noop

_COURSE = (
    Target(
        "outcome",
        Type.CHOICE,
        gettext_noop(
            "Whether it is open, won or lost; blank follows from the times of closing."
        ),
        "stage, status, deal stage, result, stadiu, rezultat, etap, wynik",
        choices=OUTCOMES,
    ),
    Target(
        "opened_at",
        Type.MOMENT,
        gettext_noop("When it was opened."),
        "open date, created, create date, created date, created at, data deschiderii, "
        "data crearii, data otwarcia, data utworzenia",
    ),
    Target(
        "won_at",
        Type.MOMENT,
        gettext_noop("When it was won."),
        "won date, won time, data castigarii, data wygranej",
    ),
    Target(
        "lost_at",
        Type.MOMENT,
        gettext_noop("When it was lost."),
        "lost date, lost time, data pierderii, data przegranej",
    ),
    Target(
        "closed_at",
        Type.MOMENT,
        gettext_noop("When it was won or lost, where one column holds both."),
        "close date, closed date, closing date, closedate, date, data inchiderii, "
        "data zamkniecia",
    ),
    Target(
        "amount",
        Type.AMOUNT,
        gettext_noop("Value of the deal."),
        "deal amount, value, deal value, total, price, valoare, suma, wartosc, kwota",
    ),
)

DEALS = Kind(
    name="deals",
    help=gettext_noop("Deals; a won deal makes its lead a customer at that time."),
    targets=(
        SYSTEM,
        EXTERNAL_ID.but(
            words=f"{EXTERNAL_ID.words}, deal id, opportunity id, id oferta, id szansy"
        ),
        *LEAD,
        Target(
            "name",
            Type.LINE,
            gettext_noop("Name of the deal."),
            "deal, deal name, title, opportunity name, nume, denumire, nazwa, tytul",
        ),
        *_COURSE,
        CURRENCY,
        OWNER,
        SEGMENT,
        SOURCE,
        COUNTRY,
        CAMPAIGN,
        REASON.but(
            name="lost_reason",
            help=gettext_noop(
                "Why it was lost, as a code or label of the agreed list."
            ),
            words="reason lost, closed lost reason, loss reason, motiv pierdere, "
            "motivul pierderii, powod przegranej",
        ),
    ),
    one_of=(OneOf(("lead_external_id", "lead_email")),),
    rules=(
        Needs("outcome", "won", ("won_at", "closed_at"), "closed_at_missing"),
        Needs("outcome", "lost", ("lost_at", "closed_at"), "closed_at_missing"),
        *(
            InOrder("opened_at", closing, "closed_before_opened")
            for closing in ("won_at", "lost_at", "closed_at")
        ),
    ),
    identifiers=("external_id", "lead_external_id"),
    identities=(
        EXTERNAL,
        *by_reference(
            ("lead_external_id", "lead_email"),
            also=("external_system", "won_at", "lost_at", "closed_at", "amount"),
            unless=("external_id",),
        ),
    ),
)
