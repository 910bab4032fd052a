"""What conditions can be about: the fields of leads and companies, and their operators.

The operators of a type and the values that they take are the same for every field of
that type. A condition on a value that is missing is never met, except ``missing``.
"""

from dataclasses import dataclass
from enum import StrEnum

from leads.domain import path


class Type(StrEnum):
    """What kind of value a field holds."""

    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    FLAG = "flag"
    DOMAIN = "domain"
    COUNTRY = "country"
    CHOICE = "choice"
    REFERENCE = "reference"


class Takes(StrEnum):
    """What an operator compares with."""

    NOTHING = "nothing"
    TEXT = "text"
    TEXTS = "texts"
    NUMBER = "number"
    PAIR = "pair"
    DAY = "day"
    DAYS = "days"
    FLAG = "flag"
    COUNTRY = "country"
    COUNTRIES = "countries"
    CHOICE = "choice"
    CHOICES = "choices"
    REFERENCES = "references"


@dataclass(frozen=True)
class Field:
    """A field by its public name, with its choices where it has some."""

    name: str
    type: Type
    choices: tuple[str, ...] = ()

    @property
    def owner(self) -> str:
        """``lead`` or ``company``."""
        return self.name.partition(".")[0]

    @property
    def column(self) -> str:
        """The field of the row."""
        return self.name.partition(".")[2]


_THERE = {"present": Takes.NOTHING, "missing": Takes.NOTHING}

OPERATORS: dict[Type, dict[str, Takes]] = {
    Type.TEXT: {
        "is": Takes.TEXT,
        "is_not": Takes.TEXT,
        "in": Takes.TEXTS,
        "not_in": Takes.TEXTS,
        "contains": Takes.TEXTS,
        "starts_with": Takes.TEXTS,
        **_THERE,
    },
    Type.NUMBER: {
        "is": Takes.NUMBER,
        "at_least": Takes.NUMBER,
        "at_most": Takes.NUMBER,
        "between": Takes.PAIR,
        **_THERE,
    },
    Type.DATE: {
        "on_or_after": Takes.DAY,
        "before": Takes.DAY,
        "within_days": Takes.DAYS,
        "older_than_days": Takes.DAYS,
        **_THERE,
    },
    Type.FLAG: {"is": Takes.FLAG},
    Type.DOMAIN: {
        "is": Takes.TEXT,
        "in": Takes.TEXTS,
        "not_in": Takes.TEXTS,
        "ends_with": Takes.TEXTS,
        "is_free_mail": Takes.FLAG,
        **_THERE,
    },
    Type.COUNTRY: {
        "is": Takes.COUNTRY,
        "in": Takes.COUNTRIES,
        "not_in": Takes.COUNTRIES,
        **_THERE,
    },
    Type.CHOICE: {"is": Takes.CHOICE, "in": Takes.CHOICES, "not_in": Takes.CHOICES},
    Type.REFERENCE: {
        "in": Takes.REFERENCES,
        "not_in": Takes.REFERENCES,
        **_THERE,
    },
}

_STAGES = (*path.ORDER, *sorted(path.EXITS))

FIELDS: dict[str, Field] = {
    field.name: field
    for field in (
        Field("lead.source", Type.TEXT),
        Field("lead.segment", Type.TEXT),
        Field("lead.country", Type.COUNTRY),
        Field("lead.language", Type.TEXT),
        Field("lead.job_title", Type.TEXT),
        Field("lead.first_name", Type.TEXT),
        Field("lead.last_name", Type.TEXT),
        Field("lead.email", Type.TEXT),
        Field("lead.email_domain", Type.DOMAIN),
        Field("lead.phone", Type.TEXT),
        Field("lead.priority", Type.NUMBER),
        Field("lead.campaign", Type.REFERENCE),
        Field("lead.owner", Type.REFERENCE),
        Field("lead.do_not_contact", Type.FLAG),
        Field("lead.stage", Type.CHOICE, _STAGES),
        Field("lead.stage_since_at", Type.DATE),
        Field("lead.created_at", Type.DATE),
        Field("company.name", Type.TEXT),
        Field("company.domain", Type.DOMAIN),
        Field("company.country", Type.COUNTRY),
        Field("company.segment", Type.TEXT),
        Field("company.industry", Type.TEXT),
        Field("company.employees", Type.NUMBER),
        Field("company.created_at", Type.DATE),
    )
}

_UPPER = "ABCDEFGHIJKLMNOPQRSTUVWXYZĂÂÎȘȚŞŢĄĆĘŁŃÓŚŹŻÄÖÜÉÁÍÚŐŰČŠŽ"
_LOWER = "abcdefghijklmnopqrstuvwxyzăâîșțșțąćęłńóśźżäöüéáíúőűčšž"
_CEDILLAS = "şţ"
FOLDED = (_UPPER + _CEDILLAS, _LOWER + "șț")
"""Letters that are compared as others: one table for both readings of a condition.

Capitals count as small letters, and Romanian letters with a cedilla as those with a
comma below.
"""
_FOLDING = str.maketrans(*FOLDED)


def folded(text: str) -> str:
    """Return a text as it is compared."""
    return text.translate(_FOLDING)
