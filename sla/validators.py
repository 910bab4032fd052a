"""Say in words what is wrong with an agreement."""

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from foundation.kernel.errors import Invalid
from leads import validators
from leads.domain.criteria.faults import Fault
from sla.domain import agreement_form
from sla.domain.written import WrongAgreementForm

SENTENCES: dict[str, Promise] = {
    "amount_out_of_range": _("Write an amount above 0, with no more than cents."),
    "never_first": _(
        "A clause above it takes all its cases. Move it up, or narrow the other one."
    ),
    "no_clauses": _("Promise something: add a clause."),
    "not_a_currency": _("Write a currency as its three letters, such as EUR."),
    "not_a_share": _("Write a share as a decimal text, such as 0.9."),
    "not_an_amount": _("Write an amount as a decimal text, such as 1200.00."),
    "not_of_this_measure": _("This belongs to the other way of measuring."),
    "share_out_of_range": _("Write a share above 0 and up to 1."),
    "step_not_upwards": _("Each step goes further up than the one before."),
    "step_too_early": _("A step comes no earlier than the one before."),
    "too_many_clauses": _("Use at most %(most)s clauses."),
}


class WrongAgreementText(Invalid):
    """It cannot be promised or measured; ``faults`` holds all that is wrong."""

    code = "wrong_agreement"

    def __init__(self, wrong: WrongAgreementForm, *, below: str) -> None:
        found = [(below + f.pointer, f.code, sentence(f)) for f in wrong.faults]
        super().__init__(found[0][2])
        self.faults = found


def sentence(fault: Fault) -> str:
    """Return what is wrong, in the reader's language."""
    if fault.code not in SENTENCES:
        return validators.sentence(fault)
    told = {name: str(value)[:80] for name, value in fault.params.items()}
    return str(SENTENCES[fault.code]) % told


def form_of(source: Any, *, below: str = "") -> dict[str, Any]:  # noqa: ANN401 -- JSON
    """Read the form of an agreement; pointers to faults begin with ``below``.

    Raises:
        WrongAgreementText: it cannot be promised or measured.
    """
    try:
        return agreement_form.read(source)
    except WrongAgreementForm as wrong:
        raise WrongAgreementText(wrong, below=below) from wrong
