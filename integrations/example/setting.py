"""What kind of company the example is: teams, people, sources, campaigns, rates."""

from dataclasses import dataclass
from decimal import Decimal

from campaigns.enums import Channel
from foundation.accounts.enums import Role
from foundation.kernel.periods import Step

COMPANY = "Nordvest Systems"
HOME = "RO"
TIME_ZONES = {"RO": "Europe/Bucharest", "PL": "Europe/Warsaw"}
TEAMS = {
    "Bucharest sales": ("sales", "RO"),
    "Warsaw sales": ("sales", "PL"),
    "Marketing": ("marketing", "RO"),
}
PEOPLE = [
    ("Irina Marin", Role.HEAD_OF_SALES, "Bucharest sales", "ro"),
    ("Radu Ionescu", Role.SALES_REP, "Bucharest sales", "ro"),
    ("Oana Preda", Role.SALES_REP, "Bucharest sales", "ro"),
    ("Vlad Munteanu", Role.SALES_REP, "Bucharest sales", "ro"),
    ("Simona Toma", Role.SALES_REP, "Bucharest sales", "ro"),
    ("Tomasz Zieliński", Role.SALES_REP, "Warsaw sales", "pl"),
    ("Ewa Kowalska", Role.SALES_REP, "Warsaw sales", "pl"),
    ("Marcin Wójcik", Role.SALES_REP, "Warsaw sales", "pl"),
    ("Magdalena Nowak", Role.HEAD_OF_MARKETING, "Marketing", "pl"),
    ("Ștefan Rusu", Role.MARKETER, "Marketing", "ro"),
    ("Agnieszka Mazur", Role.MARKETER, "Marketing", "pl"),
    ("Diana Voicu", Role.REVENUE_OPERATIONS, "", "ro"),
    ("Paweł Krawczyk", Role.CUSTOMER_CARE, "", "pl"),
    ("Elena Dumitrescu", Role.LEADERSHIP, "", "ro"),
    ("Sorin Barbu", Role.ADMIN, "", "ro"),
]


@dataclass(frozen=True)
class Source:
    """Where leads come from: share of all, quality from 0 to 1, channel, touches."""

    name: str
    share: float
    quality: float
    channel: str
    first_touch: str
    month_cost: int


SOURCES = [
    Source("paid_search", 0.24, 0.50, Channel.SEARCH, "form", 5_200),
    Source("organic_search", 0.20, 0.58, Channel.CONTENT, "visit", 900),
    Source("webinar", 0.14, 0.66, Channel.WEBINAR, "webinar", 1_900),
    Source("trade_fair", 0.12, 0.38, Channel.EVENT, "event", 6_500),
    Source("referral", 0.08, 0.82, Channel.REFERRAL, "form", 300),
    Source("social", 0.11, 0.32, Channel.SOCIAL, "click", 2_400),
    Source("newsletter", 0.07, 0.47, Channel.EMAIL, "click", 500),
    Source("partner", 0.04, 0.74, Channel.PARTNER, "form", 700),
]
SEGMENTS = [
    ("manufacturing", 0.34, 1.15),
    ("logistics", 0.24, 1.0),
    ("retail", 0.18, 0.8),
    ("construction", 0.14, 0.9),
    ("services", 0.10, 0.7),
]
TARGETS = {
    "retention": Decimal("0.95"),
    "nrr": Decimal("1.02"),
    "win_rate": Decimal("0.35"),
    "sla_sales": Decimal("0.90"),
    "sla_marketing": Decimal("0.65"),
    "mql_acceptance": Decimal("0.65"),
}
NEW_REVENUE = {
    Step.WEEK: Decimal(3_500),
    Step.MONTH: Decimal(15_000),
    Step.QUARTER: Decimal(45_000),
    Step.YEAR: Decimal(170_000),
}
"""New monthly revenue that both teams want in a period, in euro."""
CURRENCIES = {"RO": "RON", "PL": "PLN"}
FIRST_RATES = {"RON": Decimal("4.9720"), "PLN": Decimal("4.3150")}
MONTHS = 18
LEADS = 6_000
TODAY = 9
"""How many of them come on the last day."""
