from integrations.domain.kinds.identity import Identity
from integrations.domain.kinds.kind import Kind
from integrations.domain.kinds.shared import CURRENCY
from integrations.domain.kinds.target import Target, Type
from integrations.domain.sentences import gettext_noop

EXCHANGE_RATES = Kind(
    name="exchange-rates",
    help=gettext_noop("What one unit of the base currency cost in others, by day."),
    targets=(
        Target(
            "day",
            Type.DAY,
            gettext_noop("Day of the rate."),
            "date, rate date, data, zi, ziua, dzien",
            required=True,
        ),
        CURRENCY.but(help=gettext_noop("Currency that is priced."), required=True),
        CURRENCY.but(
            name="base_currency",
            help=gettext_noop("Currency of which one unit is priced; blank means EUR."),
            words="base, reference, reference currency, moneda de baza, waluta bazowa",
        ),
        Target(
            "rate",
            Type.RATE,
            gettext_noop("How much of the currency one unit of the base costs."),
            "exchange rate, value, curs, curs de schimb, kurs, kurs wymiany",
            below=10**10,
            required=True,
        ),
    ),
    identities=(Identity(("day", "currency"), also=("base_currency",)),),
)
