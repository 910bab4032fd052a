"""A small file of each kind: what somebody looks at before making their own.

The names of the columns are the targets' own, so that nothing has to be mapped. Loaded
in the order of `KINDS` nothing in them is rejected; a test sees to it.
"""

import csv
from io import StringIO

_SYSTEM = "external_system"
_CRM = "crm"

_SAMPLES: dict[str, tuple[tuple[str, ...], ...]] = {
    "companies": (
        (_SYSTEM, "external_id", "name", "domain", "country", "segment", "employees"),
        (_CRM, "C-1001", "Alfa Instal", "alfa-instal.example", "RO", "smb", "45"),
        (_CRM, "C-1002", "Beta Logistyka", "beta.example", "PL", "enterprise", "820"),
    ),
    "campaigns": (
        ("name", "channel", "starts_on", "ends_on", "budget", "currency"),
        ("Spring webinar", "webinar", "2026-03-02", "2026-03-27", "4000.00", "EUR"),
        ("Trade fair", "event", "2026-04-13", "2026-04-16", "25000.00", "RON"),
    ),
    "leads": (
        (
            *("email", "first_name", "last_name", "phone", "company", "country"),
            *("source", "campaign", "created_at", "mql_at"),
        ),
        (
            *("ana.pop@example.com", "Ana", "Pop", "+40 722 123 456", "Alfa Instal"),
            *("RO", "webinar", "Spring webinar", "2026-03-05 09:30", "2026-03-06"),
        ),
        (
            *("jan.nowak@example.com", "Jan", "Nowak", "+48 601 234 567"),
            *("Beta Logistyka", "PL", "referral", "", "2026-03-09 14:05", ""),
        ),
    ),
    "stage-changes": (
        ("lead_email", "to_stage", "occurred_at", "actor", "reason"),
        ("ana.pop@example.com", "sal", "2026-03-09 10:00", "sales@example.com", ""),
        ("ana.pop@example.com", "sql", "2026-03-12 16:20", "sales@example.com", ""),
    ),
    "touchpoints": (
        ("lead_email", "occurred_at", "channel", "type", "direction", "team"),
        *(
            ("ana.pop@example.com", day, *rest)
            for day, *rest in (
                ("2026-03-05 09:30", "webinar", "form", "inbound", "marketing"),
                ("2026-03-09 10:05", "phone", "call", "outbound", "sales"),
            )
        ),
    ),
    "deals": (
        (
            *(_SYSTEM, "external_id", "lead_email", "name"),
            *("opened_at", "won_at", "amount", "currency"),
        ),
        (
            *(_CRM, "D-501", "ana.pop@example.com", "Pilot"),
            *("2026-03-16", "2026-04-20", "12000.00", "EUR"),
        ),
        (
            *(_CRM, "D-502", "jan.nowak@example.com", "Fleet"),
            *("2026-04-01", "", "48000.00", "PLN"),
        ),
    ),
    "exchange-rates": (
        ("day", "currency", "base_currency", "rate"),
        ("2026-03-02", "RON", "EUR", "4.9766"),
        ("2026-03-02", "PLN", "EUR", "4.2580"),
    ),
    "spend": (
        ("campaign", "day", "amount", "currency", "category"),
        ("Spring webinar", "2026-03-02", "350.00", "EUR", "platform"),
        ("Trade fair", "2026-04-13", "18000.00", "RON", "stand"),
    ),
    "revenue": (
        (_SYSTEM, "deal_external_id", "kind", "starts_on", "amount", "currency"),
        (_CRM, "D-501", "new", "2026-05-01", "1000.00", "EUR"),
        (_CRM, "D-501", "expansion", "2026-08-01", "250.00", "EUR"),
    ),
}


def sample_of(kind: str) -> tuple[tuple[str, ...], ...]:
    """Return the rows of a kind's sample, the names of its columns first."""
    return _SAMPLES[kind]


def sample_file(kind: str) -> str:
    """Return a kind's sample as a CSV file."""
    file = StringIO(newline="")
    csv.writer(file).writerows(_SAMPLES[kind])
    return file.getvalue()
