"""What holds the result back, in a sentence, as `ui/finding.html` shows it."""

from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext, ngettext

from kpis.domain.bottlenecks import NOT_ENOUGH, Step
from kpis.queries import reasons
from kpis.queries.bottleneck import Finding
from kpis.views import addresses, figures, path
from kpis.views.card import Card
from kpis.views.desk import Desk
from leads.enums import Stage


def told(found: Finding, *, currency: str, beside: str = "") -> dict[str, Any]:
    """Return the finding: where most is lost, what it is worth, on which assumption.

    ``beside`` is a sentence more, e.g. of `wait`.
    """
    if found.worst is None:
        return _calm(found)
    step = found.worst
    return {
        "money": _worth(step, currency),
        "headline": gettext("Most is lost between %(from)s and %(to)s.") % _ends(step),
        "text": " ".join([_rate(step), beside]).strip(),
        "note": " · ".join(_note(found, step, currency)),
        "url": addresses.detail(path.asked_of(step, found)),
        "action": gettext("Look closer"),
    }


def _calm(found: Finding) -> dict[str, Any]:
    few = all(step.state == NOT_ENOUGH for step in found.steps)
    return {
        "calm": True,
        "headline": gettext("Not enough data yet.")
        if few
        else gettext("No step falls behind its target."),
        "text": gettext("A step is judged from thirty leads on.")
        if few
        else gettext("Nothing on the path stands out in this cohort."),
    }


def _ends(step: Step) -> dict[str, str]:
    return {
        "from": str(Stage(step.stage).label),
        "to": str(Stage(step.to_stage).label),
    }


def _worth(step: Step, currency: str) -> str:
    """Return the money, or the customers where no deal has a worth yet."""
    if step.impact is not None:
        return figures.money(step.impact, currency)
    customers = round(step.customers or 0)
    words = ngettext("%(n)s customer", "%(n)s customers", customers)
    return words % {"n": figures.grouped(customers)}


def _rate(step: Step) -> str:
    if step.rate is None or step.target is None:
        return ""
    words = (
        gettext("%(rate)s came further, %(target)s is agreed.")
        if step.target_agreed
        else gettext("%(rate)s came further, %(target)s is usual.")
    )
    share = figures.percent(step.rate)
    return words % {"rate": share, "target": figures.percent(step.target)}


def _note(found: Finding, step: Step, currency: str) -> list[str]:
    said = []
    if step.low is not None and step.high is not None:
        ends = sorted([step.low, step.high])
        low, high = (figures.money(end, currency) for end in ends)
        words = gettext("between %(low)s and %(high)s in %(period)s")
        period = figures.period_name(found.cohort)
        said.append(words % {"low": low, "high": high, "period": period})
    said.append(gettext("the other steps as they are"))
    said += _assumption(found, step)
    return [*said, gettext("n = %(n)s") % {"n": figures.grouped(step.n)}]


def _assumption(found: Finding, step: Step) -> list[str]:
    if step.assumption == "half_of_accepted":
        return [
            gettext("taking refused leads to convert half as well as accepted ones")
        ]
    if step.assumption == "second_chance":
        words = gettext(
            "taking refused leads to convert as those that were worked all the same: "
            "%(customers)s of %(n)s"
        )
        sample = found.second_chance
        numbers = {"customers": sample.customers, "n": sample.leads}
        return [words % {name: figures.grouped(n) for name, n in numbers.items()}]
    return []


def wait(desk: Desk, found: Finding) -> str:
    """Say how long leads wait at the beginning of the step where most is lost."""
    if found.worst is None:
        return ""
    _, series = desk.ask(f"{found.worst.stage}_wait", found.cohort)
    median = series.total.value
    if median is None:
        return ""
    return gettext("The median lead waits %(days)s.") % {"days": figures.days(median)}


def oldest(card: Card) -> list[dict[str, str]]:
    """Say how long the oldest lead has waited at the step, beside what is usual."""
    found = card.oldest
    if found is None:
        return []
    said = {"stage": Stage(found["stage"]).label, "days": _days(found["days"])}
    if found["norm"] is None:
        words = gettext("The oldest %(stage)s has waited %(days)s.")
    else:
        said["usual"] = _days(found["norm"])
        words = gettext(
            "The oldest %(stage)s has waited %(days)s; the median took %(usual)s."
        )
    return [
        {
            "text": words % said,
            "url": reverse("leads:lead-detail", args=[found["lead"]]),
        }
    ]


def _days(text: str) -> str:
    return figures.days(Decimal(text))


def reasons_of(card: Card) -> list[dict[str, str]]:
    """Say why leads were refused most often in the period."""
    found = card.refused
    if not found["top"]:
        return []
    labels = reasons.labels([(stage, code) for stage, code, _ in found["top"]])
    said = [
        f"{label} {figures.percent(Decimal(n) / found['n'])}"
        for label, (*_, n) in zip(labels, found["top"], strict=True)
    ]
    n = found["n"]
    words = ngettext(
        "%(n)s lead was refused, most often: %(reasons)s.",
        "%(n)s leads were refused, most often: %(reasons)s.",
        n,
    )
    question = card.question("mql_acceptance")
    return [
        {
            "text": words % {"n": figures.grouped(n), "reasons": ", ".join(said)},
            "url": addresses.records(question, card.period, part="refused"),
        }
    ]
