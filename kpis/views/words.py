"""What was asked, in words."""

from django.utils.translation import gettext, ngettext

from kpis.domain.questions import Question, Value
from kpis.domain.registry import REGISTRY
from kpis.enums import Dimension, Kind
from kpis.views import figures
from kpis.views.desk import Desk
from leads.domain.keys import as_words


def split_name(value: Value) -> str:
    """Return what people call a split; a blank one has words of its own.

    A key that has no name beside it, such as a source, is written as words.
    """
    if value.split is None:
        return gettext("All")
    if value.label == value.split:
        return as_words(value.label) or gettext("not stated")
    return value.label or gettext("not stated")


def asked_in_words(desk: Desk, question: Question, value: Value) -> list[str]:
    """Say which number this is: of when, of what, which conversion."""
    said = [figures.period_name(question.period)]
    if question.by and value.split is not None:
        said.append(f"{Dimension(question.by).label}: {split_name(value)}")
    if REGISTRY[question.key].method.kinds:
        said.append(kind_in_words(question.kind, question.within))
    if question.as_of:
        said.append(gettext("as of position %(n)s") % {"n": question.as_of})
    return said


def kind_in_words(kind: str | None, within: int | None) -> str:
    """Say which of the three conversions it is."""
    if kind == Kind.PERIOD:
        return gettext("entries after ÷ entries before, different people")
    if kind == Kind.ATTEMPT:
        return gettext("rounds in place of leads")
    if within is None:
        return gettext("the leads of the period, followed until today")
    text = ngettext(
        "the leads of the period, followed for %(n)s day",
        "the leads of the period, followed for %(n)s days",
        within,
    )
    return text % {"n": within}
