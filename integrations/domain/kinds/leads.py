from integrations.domain.kinds.identity import EXTERNAL, Identity
from integrations.domain.kinds.kind import Kind
from integrations.domain.kinds.rules import OneOf
from integrations.domain.kinds.shared import (
    CAMPAIGN,
    COUNTRY,
    EMAIL,
    EXTERNAL_ID,
    LEAD_EXTERNAL_ID,
    OWNER,
    SEGMENT,
    SOURCE,
    SYSTEM,
)
from integrations.domain.kinds.target import Target, Type
from integrations.domain.kinds.words import STAGES
from integrations.domain.sentences import gettext_noop

_PERSON = (
    EMAIL,
    Target(
        "phone",
        Type.PHONE,
        gettext_noop("Phone number, best with its country code."),
        "phone number, mobile, mobile phone, telephone, tel, telefon, "
        "numar de telefon, mobil, numer telefonu, telefon komorkowy, komorka",
    ),
    Target(
        "first_name",
        Type.LINE,
        gettext_noop("First name."),
        "given name, firstname, prenume, imie",
        limit=100,
    ),
    Target(
        "last_name",
        Type.LINE,
        gettext_noop("Last name."),
        "surname, family name, lastname, nume, nume de familie, nazwisko",
        limit=100,
    ),
    Target(
        "job_title",
        Type.LINE,
        gettext_noop("Position in the company."),
        "title, position, role, functie, functia, post, stanowisko",
        limit=150,
    ),
)
_COMPANY = (
    Target(
        "company",
        Type.LINE,
        gettext_noop("Name of the company the person works for."),
        "company name, account, account name, organisation, organization, companie, "
        "nume companie, firma, nazwa firmy",
    ),
    Target(
        "company_domain",
        Type.DOMAIN,
        gettext_noop("Domain or web address of the company."),
        "website, web, url, domain, domeniu, site, pagina web, domena, strona www",
    ),
    Target(
        "company_external_id",
        Type.LINE,
        gettext_noop("Identifier of the company in that system."),
        "company id, account id, id companie, id firmy",
        limit=120,
    ),
)
_STAGE = Target(
    "stage",
    Type.CHOICE,
    gettext_noop("Stage the lead has reached."),
    "lead stage, lifecycle stage, status, lead status, stadiu, etapa, etap, "
    "status leada",
    choices=STAGES,
)
_REACHED = (
    Target(
        "created_at",
        Type.MOMENT,
        gettext_noop("When we first knew of the lead; blank means now."),
        "created, create date, created date, creation date, date created, date added, "
        "first contact date, first contact, signup date, date, data crearii, "
        "data adaugarii, creat la, data utworzenia, data dodania, utworzono",
    ),
    Target(
        "mql_at",
        Type.MOMENT,
        gettext_noop("When it became a marketing qualified lead."),
        "mql date, became mql, marketing qualified date, data mql",
    ),
    Target(
        "sal_at",
        Type.MOMENT,
        gettext_noop("When sales accepted it."),
        "sal date, accepted date, sales accepted date, data sal, data acceptarii, "
        "data akceptacji",
    ),
    Target(
        "sql_at",
        Type.MOMENT,
        gettext_noop("When it became a sales qualified lead."),
        "sql date, became sql, sales qualified date, data sql",
    ),
    Target(
        "opportunity_at",
        Type.MOMENT,
        gettext_noop("When a deal was opened with it."),
        "opportunity date, became opportunity, data oportunitatii, data szansy",
    ),
    Target(
        "customer_at",
        Type.MOMENT,
        gettext_noop("When it became a customer."),
        "customer date, became customer, won date, data client, data klienta",
    ),
)
_REST = (
    Target(
        "language",
        Type.LANGUAGE,
        gettext_noop("Language to write in, as a code."),
        "language code, locale, preferred language, limba, jezyk",
    ),
    OWNER,
    _STAGE,
    Target(
        "priority",
        Type.COUNT,
        gettext_noop("Priority, as a number; higher is more urgent."),
        "prioritate, priorytet, rank, score",
        below=2**15,
    ),
    *_REACHED,
    Target(
        "do_not_contact",
        Type.FLAG,
        gettext_noop("Whether the person asked not to be contacted."),
        "dnc, opt out, opted out, unsubscribed, nu contacta, dezabonat, "
        "nie kontaktowac, wypisany",
    ),
    Target(
        "notes",
        Type.TEXT,
        gettext_noop("Anything else about the lead, in your own words."),
        "note, comment, comments, description, observatii, comentarii, descriere, "
        "notatki, uwagi, opis, komentarz",
        limit=10_000,
    ),
)

LEADS = Kind(
    name="leads",
    help=gettext_noop("People who may become customers, with the stage they reached."),
    targets=(
        SYSTEM,
        EXTERNAL_ID.but(words=f"{EXTERNAL_ID.words}, {LEAD_EXTERNAL_ID.words}"),
        *_PERSON,
        *_COMPANY,
        SOURCE,
        CAMPAIGN,
        SEGMENT,
        COUNTRY,
        *_REST,
    ),
    one_of=(OneOf(("external_id", "email", "phone")),),
    identifiers=("external_id", "company_external_id"),
    identities=(EXTERNAL, Identity(("email",))),
)
