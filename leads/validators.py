"""Say in words what is wrong with criteria."""

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from foundation.kernel.errors import Invalid
from leads.domain.criteria.faults import Fault, WrongCriteria
from leads.domain.criteria.reading import parse
from leads.domain.criteria.tree import Criteria

SENTENCES: dict[str, Promise] = {
    "blank": _("Write something."),
    "control_character": _("This text holds a character that cannot be compared."),
    "empty_group": _("Put a condition into this group, or remove it."),
    "no_value": _("This comparison takes no value."),
    "no_values": _("Name at least one value."),
    "no_window": _("How long ago the last one was takes no further number of days."),
    "not_a_country": _("Write a country as its two letters."),
    "not_a_day": _("Write a day as 2026-01-31."),
    "not_a_flag": _("Write yes or no (true or false)."),
    "not_a_list": _("Write a list."),
    "not_a_number": _("Write a whole number."),
    "not_a_pair": _("Write two numbers, the smaller one first."),
    "not_a_text": _("Write a text."),
    "not_an_object": _("Write an object with names and values."),
    "nothing_required": _("Require something: rules, or points."),
    "out_of_range": _("Write a number between %(least)s and %(most)s."),
    "too_deep": _("A tree can have %(most)s levels, that of its conditions included."),
    "too_long": _("Write at most %(most)s characters."),
    "too_many_conditions": _("Use at most %(most)s conditions."),
    "too_many_groups": _("Use at most %(most)s groups of points."),
    "too_many_values": _("Name at most %(most)s values."),
    "unknown_choice": _("Choose one of: %(allowed)s."),
    "unknown_field": _("There is no field called “%(value)s”."),
    "unknown_name": _("Nothing here has this name."),
    "unknown_operator": _("Choose one of: %(allowed)s."),
    "value_missing": _("Say what to compare with."),
    "which_node": _("Write exactly one of all, any, not, field and touches."),
    "wrong_order": _("Write the smaller number first."),
}


class WrongDefinition(Invalid):
    """The criteria cannot run; ``faults`` holds everything that is wrong with them."""

    code = "wrong_criteria"

    def __init__(self, wrong: WrongCriteria, *, below: str) -> None:
        found = [(below + f.pointer, f.code, sentence(f)) for f in wrong.faults]
        super().__init__(found[0][2])
        self.faults = found


def sentence(fault: Fault) -> str:
    """Return what is wrong, in the reader's language."""
    told = {name: str(value)[:80] for name, value in fault.params.items()}
    return str(SENTENCES[fault.code]) % told


def criteria_of(source: Any, *, below: str = "/criteria") -> Criteria:  # noqa: ANN401 -- whatever JSON holds
    """Read criteria; pointers to faults begin with ``below``.

    Raises:
        WrongDefinition: they cannot run.
    """
    try:
        return parse(source)
    except WrongCriteria as wrong:
        raise WrongDefinition(wrong, below=below) from wrong
