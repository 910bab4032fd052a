from integrations.domain.kinds.identity import EXTERNAL, Identity
from integrations.domain.kinds.kind import Kind
from integrations.domain.kinds.shared import COUNTRY, EXTERNAL_ID, SEGMENT, SYSTEM
from integrations.domain.kinds.target import Target, Type
from integrations.domain.sentences import gettext_noop

COMPANIES = Kind(
    name="companies",
    help=gettext_noop("Companies; people of a company are loaded as leads."),
    targets=(
        SYSTEM,
        EXTERNAL_ID.but(
            words=f"{EXTERNAL_ID.words}, company id, account id, id companie, id firmy"
        ),
        Target(
            "name",
            Type.LINE,
            gettext_noop("Name of the company."),
            "company, company name, account, account name, companie, nume companie, "
            "denumire, firma, nazwa firmy, nazwa",
            required=True,
        ),
        Target(
            "domain",
            Type.DOMAIN,
            gettext_noop("Domain or web address; companies are found again by it."),
            "website, web, url, company domain, web site, site, domeniu, pagina web, "
            "domena, strona, strona www",
        ),
        COUNTRY,
        SEGMENT,
        Target(
            "employees",
            Type.COUNT,
            gettext_noop("Number of people who work there."),
            "number of employees, headcount, staff, size, company size, angajati, "
            "numar angajati, pracownicy, liczba pracownikow",
            below=2**31,
        ),
        Target(
            "industry",
            Type.LINE,
            gettext_noop("Industry."),
            "sector, branch, industrie, domeniu de activitate, branza, sektor",
            limit=80,
        ),
    ),
    identities=(EXTERNAL, Identity(("domain",))),
    identifiers=("external_id",),
)
