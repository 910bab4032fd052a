"""Targets that several kinds have."""

from integrations.domain.kinds.target import Target, Type
from integrations.domain.sentences import gettext_noop

SYSTEM = Target(
    "external_system",
    Type.LINE,
    gettext_noop("Name of the system the identifiers come from, the same every time."),
    "system, crm, source system, external source, sistem, sistem extern, "
    "system zrodlowy",
    limit=40,
)
EXTERNAL_ID = Target(
    "external_id",
    Type.LINE,
    gettext_noop("Identifier of the record in that system; found again by it."),
    "id, record id, external key, uid, uuid, identificator, id extern, identyfikator",
    limit=120,
)
LEAD_EXTERNAL_ID = Target(
    "lead_external_id",
    Type.LINE,
    gettext_noop("Identifier of the lead in that system."),
    "lead id, contact id, mql id, prospect id, person id, id lead, id contact, "
    "id leada, id kontaktu",
    limit=120,
)
LEAD_EMAIL = Target(
    "lead_email",
    Type.EMAIL,
    gettext_noop("E-mail address of the lead, where its identifier is not known."),
    "email, e-mail, mail, contact email, email contact, adresa de email, adres email",
)
EMAIL = Target(
    "email",
    Type.EMAIL,
    gettext_noop("E-mail address; leads are found again by it."),
    "e-mail, mail, email address, e-mail address, work email, contact email, "
    "adresa de email, adresa email, adres email, adres e-mail, poczta",
)
CURRENCY = Target(
    "currency",
    Type.CURRENCY,
    gettext_noop("Currency of the amount; blank means the workspace's own."),
    "currency code, valuta, moneda, cod valuta, waluta, kod waluty",
)
COUNTRY = Target(
    "country",
    Type.COUNTRY,
    gettext_noop("Country, as a code or a name in English, Romanian or Polish."),
    "country code, nation, tara, cod tara, kraj, panstwo, kod kraju",
)
SEGMENT = Target(
    "segment",
    Type.LINE,
    gettext_noop("Segment of the market."),
    "business segment, market segment, segment de piata, segment rynku, vertical",
    limit=80,
)
SOURCE = Target(
    "source",
    Type.LINE,
    gettext_noop("Where the lead came from; blank and “unknown” stay apart."),
    "lead source, origin, acquisition source, first source, sursa, sursa lead, "
    "origine, zrodlo, zrodlo leada, pochodzenie",
    limit=80,
)
CAMPAIGN = Target(
    "campaign",
    Type.LINE,
    gettext_noop("Campaign, by its name or its identifier in that system."),
    "campaign name, campaign id, campanie, nume campanie, kampania, nazwa kampanii",
    limit=150,
)
OWNER = Target(
    "owner",
    Type.LINE,
    gettext_noop(
        "Who is responsible: e-mail address, name or identifier. Somebody unknown here "
        "becomes a person without sign-in."
    ),
    "owner name, owner email, owner id, assigned to, sales rep, rep, account manager, "
    "responsabil, agent, agent de vanzari, wlasciciel, opiekun, handlowiec, "
    "przypisany do",
    limit=254,
)
ACTOR = OWNER.but(
    name="actor",
    help=gettext_noop(
        "Who did it: e-mail address, name or identifier. Somebody unknown here becomes "
        "a person without sign-in."
    ),
    words="user, author, performed by, done by, created by, utilizator, autor, "
    "realizat de, uzytkownik, wykonal, wykonane przez",
)
REASON = Target(
    "reason",
    Type.LINE,
    gettext_noop("Why, as a code or label of the agreed list."),
    "reason code, cause, motiv, cod motiv, powod, przyczyna",
    limit=100,
)
LEAD = (LEAD_EXTERNAL_ID, LEAD_EMAIL)
