import pytest

from foundation.ledger.models import Event
from leads.actions import reasons
from leads.models import Reason

pytestmark = pytest.mark.django_db


def make(kind="refuse", code="on_leave", **fields):
    return Reason(kind=kind, code=code, label_en="On leave", **fields)


def told():
    rows = Event.objects.filter(subject_type="leads.reason").order_by("pk")
    return list(rows.values_list("kind", "payload__code", "payload__in_use"))


def test_a_new_reason_comes_last_and_can_be_chosen(mark, at):
    row = reasons.create(make(), by=mark, at=at)

    listed = Reason.objects.filter(kind="refuse", in_use=True)
    assert list(listed)[-1] == row
    assert told() == [("leads.reason.created", "on_leave", True)]


def test_a_code_is_there_once_even_out_of_use(mark, at):
    Reason.objects.filter(kind="refuse", code="no_budget").update(in_use=False)

    with pytest.raises(reasons.CodeTaken) as refusal:
        reasons.create(make(code="no_budget"), by=mark, at=at)

    assert refusal.value.field == "code"
    assert reasons.create(make(kind="lose", code="no_budget"), by=mark, at=at).pk
    assert [code for _, code, _ in told()] == ["no_budget"]


def test_words_change_and_the_same_again_is_nothing(mark, at):
    row = Reason.objects.get(kind="refuse", code="no_budget")
    row.label_en = "No money this year"

    reasons.change(row, by=mark, at=at)
    reasons.change(row, by=mark, at=at)

    assert Reason.objects.get(pk=row.pk).label_en == "No money this year"
    assert told() == [("leads.reason.changed", "no_budget", True)]


def test_the_last_reason_of_a_list_stays_in_use(mark, at):
    rows = Reason.objects.filter(kind="refuse")
    last = rows.get(code="no_budget")
    rows.exclude(pk=last.pk).update(in_use=False)
    last.in_use = False

    with pytest.raises(reasons.LastReason) as refusal:
        reasons.change(last, by=mark, at=at)

    assert (refusal.value.field, told()) == ("in_use", [])
    assert Reason.objects.get(pk=last.pk).in_use
