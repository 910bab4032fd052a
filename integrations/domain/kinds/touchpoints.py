from integrations.domain.kinds.identity import EXTERNAL, by_reference
from integrations.domain.kinds.kind import Kind
from integrations.domain.kinds.rules import OneOf
from integrations.domain.kinds.shared import (
    ACTOR,
    CAMPAIGN,
    CURRENCY,
    EXTERNAL_ID,
    LEAD,
    SYSTEM,
)
from integrations.domain.kinds.target import Target, Type
from integrations.domain.kinds.words import (
    CHANNELS,
    DIRECTIONS,
    PROOFS,
    TEAMS,
    TOUCH_TYPES,
)
from integrations.domain.sentences import gettext_noop

_WHAT = (
    Target(
        "occurred_at",
        Type.MOMENT,
        gettext_noop("When the contact took place."),
        "date, time, timestamp, activity date, created at, data, data activitatii, "
        "data kontaktu, data aktywnosci",
        required=True,
    ),
    Target(
        "channel",
        Type.CHOICE,
        gettext_noop("Where we met: search, event, phone …"),
        "medium, canal, kanal",
        choices=CHANNELS,
    ),
    Target(
        "type",
        Type.CHOICE,
        gettext_noop("What it was: call, e-mail, form …"),
        "activity type, touch type, activity, tip, tip activitate, typ, typ aktywnosci",
        choices=TOUCH_TYPES,
    ),
    Target(
        "direction",
        Type.CHOICE,
        gettext_noop("Whether the lead came to us (inbound) or we to it (outbound)."),
        "inbound outbound, directie, sens, kierunek",
        choices=DIRECTIONS,
    ),
    Target(
        "team",
        Type.CHOICE,
        gettext_noop("Which team: sales or marketing."),
        "department, function, echipa, departament, zespol, dzial",
        choices=TEAMS,
    ),
    Target(
        "automatic",
        Type.FLAG,
        gettext_noop("Whether a machine did it and not a person."),
        "automated, is automatic, automat, automatyczny",
    ),
)
_TRACKING = tuple(
    Target(name, Type.LINE, help_text, words, limit=limit)
    for name, help_text, words, limit in (
        ("utm_source", gettext_noop("UTM source."), "source, sursa utm", 80),
        ("utm_medium", gettext_noop("UTM medium."), "mediu utm", 80),
        ("utm_campaign", gettext_noop("UTM campaign."), "campanie utm", 120),
    )
)
_PROOF = (
    Target(
        "cost",
        Type.AMOUNT,
        gettext_noop("Share of the cost that falls on this contact."),
        "price, spend, cost per click, pret, koszt, cena",
        below=10**10,
    ),
    CURRENCY,
    Target(
        "proof",
        Type.CHOICE,
        gettext_noop("How we know of it: e-mail, call on record, self-reported …"),
        "evidence, dovada, dowod",
        choices=PROOFS,
    ),
    Target(
        "proof_reference",
        Type.LINE,
        gettext_noop("Identifier of the e-mail or the call record."),
        "message id, call id, recording, referinta, id mesaj, id wiadomosci",
    ),
    ACTOR,
)

TOUCHPOINTS = Kind(
    name="touchpoints",
    help=gettext_noop("Contacts between leads and both teams."),
    targets=(
        SYSTEM,
        *LEAD,
        EXTERNAL_ID.but(words=f"{EXTERNAL_ID.words}, activity id, touch id"),
        *_WHAT,
        CAMPAIGN,
        *_TRACKING,
        *_PROOF,
    ),
    one_of=(OneOf(("lead_external_id", "lead_email")),),
    identifiers=("lead_external_id", "external_id"),
    identities=(
        EXTERNAL,
        *by_reference(
            ("lead_external_id", "lead_email"),
            also=(
                *("external_system", "occurred_at", "channel", "type", "direction"),
                *("team", "campaign"),
            ),
            unless=("external_id",),
        ),
    ),
)
