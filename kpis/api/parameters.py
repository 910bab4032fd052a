"""What may stand behind the question mark, and the question it makes."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from foundation.accounts.models import User, Workspace
from foundation.kernel.api.errors import BadParameter
from foundation.kernel.api.filters import Filter
from foundation.kernel.periods import BadPeriod, Period, Step, parse
from kpis import rules
from kpis.domain.questions import Question
from kpis.enums import PARTS, Dimension, Kind
from kpis.queries.asks import LONGEST_WINDOW, BadQuestion
from kpis.queries.reading import PositionNotReached

_PERIOD = "2018-01-05, 2018-W05, 2018-01, 2018-Q1, 2018, FY2018-Q1, FY2018, all"
_DAY = r"\d{4}-\d{2}-\d{2}"
_FORMS = (
    rf"{_DAY}(/{_DAY})?",
    r"\d{4}-W\d{2}",
    r"\d{4}-\d{2}",
    r"(FY)?\d{4}(-Q[1-4])?",
)


@extend_schema_field(
    {"type": "string", "maxLength": 40, "pattern": f"^({'|'.join(_FORMS)}|all)$"}
)
class _PeriodField(serializers.CharField):
    """A period as text, with its forms in the schema."""


QUESTION = {
    "period": Filter(
        "",
        _PeriodField(max_length=40),
        f"One of {_PERIOD} or 2018-01-15/2018-03-31 (both days included); else all.",
    ),
    "by": Filter("", serializers.ChoiceField(Dimension.choices), "Split by this."),
    "kind": Filter(
        "", serializers.ChoiceField(Kind.choices), "Which conversion; else cohort."
    ),
    "within": Filter(
        "",
        serializers.IntegerField(min_value=0, max_value=LONGEST_WINDOW),
        "Days a cohort has; without it ever.",
    ),
    "as_of": Filter(
        "",
        serializers.IntegerField(min_value=1, max_value=2**63 - 1),
        "The ledger position to go back to.",
    ),
}
STEP = {
    "step": Filter(
        "",
        serializers.ChoiceField([step.value for step in Step]),
        "Cut the period into a series.",
    )
}
CELL = {
    "split": Filter(
        "",
        serializers.CharField(allow_blank=True, max_length=80),
        "One split; the blank one where empty, the total without it.",
    ),
    "part": Filter(
        "",
        serializers.ChoiceField(PARTS),
        "Which of the records; else all. Names of ``apart`` are those beside it.",
    ),
}


def question(
    key: str, asked: Mapping[str, Any], *, user: User, workspace: Workspace
) -> Question:
    """Make the question that an address asks.

    Raises:
        BadParameter: the period is none.
    """
    step = asked.get("step")
    return Question(
        key=key,
        period=_period(asked.get("period", "all"), workspace),
        by=asked.get("by"),
        step=Step(step) if step else None,
        kind=asked.get("kind"),
        within=asked.get("within"),
        as_of=asked.get("as_of"),
        persons=rules.visible_persons(user, workspace),
    )


def _period(text: str, workspace: Workspace) -> Period:
    try:
        return parse(text, fiscal_start=workspace.fiscal_year_start)
    except BadPeriod as error:
        message = _("This is not a period. Write one of %(forms)s.")
        raise BadParameter(message % {"forms": _PERIOD}, parameter="period") from error


@contextmanager
def named() -> Iterator[None]:
    """Name the parameter at fault when a question cannot be answered."""
    try:
        yield
    except (BadQuestion, PositionNotReached) as error:
        raise BadParameter(str(error), parameter=error.field) from error
