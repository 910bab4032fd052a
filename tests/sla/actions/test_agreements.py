"""The agreement is a document: both heads sign it, and then it is what clocks obey."""

from datetime import timedelta
from decimal import Decimal
from threading import Barrier, Thread

import pytest
from django.db import IntegrityError, connection, transaction

from foundation.documents.actions import versions
from foundation.documents.models import Signature, Version
from foundation.documents.queries.versions import in_force
from foundation.jobs.models import Job
from foundation.kernel import clock
from foundation.ledger.models import Event
from sla.actions import agreement, agreements
from sla.actions.agreement import Promise
from sla.domain.agreement_form import DEFAULT_RULES
from sla.enums import ClauseKind
from sla.models import Agreement, Clause
from sla.queries import agreement as queries
from sla.queries import terms
from tests.factories.leads import make_lead
from tests.factories.sla import (
    FORM,
    HOUR,
    LONG_AGO,
    clock_of,
    make_calendar,
    make_draft,
    make_proposal,
    make_signed,
)

pytestmark = pytest.mark.django_db
DAY = 24 * HOUR
RESPONSE = {"kind": "first_response", "minutes": 60, "share": "0.9"}
VOLUME = {"kind": "volume", "measure": "count", "period": "month", "leads": 120}


def holding(moment) -> Agreement:
    found = queries.in_force(at=moment)
    assert found is not None
    return found


def test_what_came_with_the_product_is_version_one():
    first, draft = Agreement.objects.get(), make_draft()

    assert (first.version, first.document, draft.number) == (1, None, 2)
    form = agreements.form_from(first)
    assert form == {
        **DEFAULT_RULES,
        "clauses": [
            {
                "kind": kind,
                "segment": "",
                "source": "",
                "priority": None,
                "text": "",
                "minutes": minutes,
                "share": "0.9",
            }
            for kind, minutes in (("first_response", 120), ("acceptance", 540))
        ],
    }


def test_signed_by_both_it_is_what_clocks_are_counted_by(at, hanna, marta):
    escalation = [{"to": "head", "minutes": 30}]
    row = make_proposal(
        {**RESPONSE, "source": "webinar"},
        VOLUME,
        at=at,
        prose="Between us.",
        warning_share="0.5",
        pauses={"reasons": ["lead_asked"], "most": 1, "days": 7},
        escalation=escalation,
    )
    before = Agreement.objects.count()
    versions.sign(row, digest=row.digest, by=marta, at=at)
    assert Agreement.objects.count() == before

    row = versions.sign(row, digest=row.digest, by=hanna, at=at + HOUR)

    made = Agreement.objects.get(document=row)
    assert (made.version, made.effective_at) == (row.number, at + HOUR)
    assert (made.text, made.warning_share) == ("Between us.", Decimal("0.5"))
    pauses = (made.pause_reasons, made.pauses_per_clock, made.pause_days)
    assert pauses == (["lead_asked"], 1, 7)
    assert (made.escalation, made.recompute) == (escalation, False)
    told = made.clauses.values_list(
        "place", "kind", "side", "source", "target_seconds", "attainment", "terms"
    )
    volume = {"measure": "count", "period": "month", "leads": 120}
    nothing = {"amount": None, "lead_value": None, "currency": None}
    assert list(told) == [
        (1, "first_response", "sales", "webinar", 3_600, Decimal("0.9"), {}),
        (2, "volume", "marketing", "", None, None, {**volume, **nothing}),
    ]
    assert queries.in_force(at=at + HOUR) == made
    event = Event.objects.get(kind="sla.agreement.put_in_force")
    assert (event.entry_id, event.payload) == (made.entry_id, {"version": row.number})
    assert Job.objects.count() == 0


def test_the_hours_that_hold_are_written_into_the_proposal(at, marta):
    make_calendar(name="Office", days_off={at.date(): "Moving"}, at=LONG_AGO)
    draft = make_draft(at=at)
    assert draft.content["calendars"] == []

    row = agreements.propose(draft, by=marta, at=at, revision=draft.revision)

    [hours] = row.content["calendars"]
    assert (hours["time_zone"], hours["days_off"]) == (
        "Europe/Bucharest",
        {"2026-03-02": "Moving"},
    )
    assert hours["weekly"]["mon"] == [["09:00", "18:00"]]
    assert len(hours["public_holidays"]) == 64
    assert (row.state, len(row.digest)) == ("proposed", 64)


def test_a_draft_that_somebody_changed_is_not_proposed(at, marta):
    draft = make_draft(at=at)
    new = agreements.Draft("Other", form=FORM)
    agreements.revise(draft, new, revision=1, by=marta, at=at)

    with pytest.raises(versions.ChangedMeanwhile):
        agreements.propose(draft, by=marta, at=at, revision=1)
    draft.refresh_from_db()
    assert (draft.state, draft.revision) == ("draft", 2)


def test_a_rep_cannot_sign(at, sally):
    row = make_proposal(at=at)

    with pytest.raises(versions.NotASigner):
        versions.sign(row, digest=row.digest, by=sally, at=at)
    assert Signature.objects.count() == 0


def test_a_later_day_lets_the_one_before_hold_until_then(at):
    first = make_signed(at=at)
    later = make_signed(at=at, effective_at=at + 9 * DAY)
    sooner = make_signed(at=at + HOUR, effective_at=at + 3 * DAY)

    held = [at, at + 3 * DAY, at + 8 * DAY, at + 9 * DAY, at + 99 * DAY]
    rows = [holding(moment).document for moment in held]
    assert rows == [first, sooner, sooner, later, later]
    assert rows == [in_force("agreement", at=moment) for moment in held]


def test_clocks_are_counted_by_what_is_in_force_as_they_begin(at):
    make_calendar()
    make_signed(RESPONSE, at=at - DAY)
    make_signed({**RESPONSE, "minutes": 30}, at=at, effective_at=at + 2 * DAY)
    old, new = (
        make_lead(created_at=moment, at=moment, stage="mql")
        for moment in (at, at + 2 * DAY)
    )

    targets = [clock_of(lead).clause.target_seconds for lead in (old, new)]
    assert targets == [3_600, 1_800]


def test_terms_and_pages_agree_on_what_is_in_force(at):
    make_signed(at=at, effective_at=at + 9 * DAY)
    make_signed({**RESPONSE, "minutes": 30}, at=at, effective_at=at + 3 * DAY)
    agreed = terms.current()

    for days in (0, 3, 9, 4_000):
        moment = at + days * DAY
        clause = agreed.clause(
            "first_response",
            int(moment.timestamp()) * 1_000_000,
            source="",
            segment="",
            priority=0,
        )
        own = holding(moment).clauses.get(kind="first_response")
        assert clause is not None
        assert clause.id == own.pk


def test_one_agreement_is_in_force_at_any_instant(at):
    row = agreement.put_in_force(
        agreement.Draft([Promise(ClauseKind.ACCEPTANCE, HOUR)]), by=None, at=at
    )

    with pytest.raises(IntegrityError, match="one_in_force"), transaction.atomic():
        Agreement.objects.create(
            version=99, effective_at=row.effective_at, entry_id=row.entry_id
        )
    first = pytest.raises(IntegrityError, match="first_by_the_product")
    with first, transaction.atomic():
        Agreement.objects.create(version=99, effective_at=at + HOUR)


def test_what_both_signed_does_not_change(at, marta):
    row = make_signed(at=at)

    with pytest.raises(versions.WrongState):
        agreements.revise(
            row, agreements.Draft("X", form=FORM), revision=1, by=marta, at=at
        )
    changes = (
        (Version, {"prose": "Other"}),
        (Agreement, {"text": "Other"}),
        (Clause, {"target_seconds": 1}),
    )
    for model, change in changes:
        with pytest.raises(IntegrityError), transaction.atomic():
            model.objects.update(**change)


def test_a_failure_as_it_takes_effect_takes_the_signature_back(
    at, hanna, marta, monkeypatch
):
    row = make_proposal(at=at)
    versions.sign(row, digest=row.digest, by=marta, at=at)

    def fail(*_args, **_named):
        raise RuntimeError

    monkeypatch.setattr(agreement, "store", fail)
    with pytest.raises(RuntimeError):
        versions.sign(row, digest=row.digest, by=hanna, at=at)

    row.refresh_from_db()
    assert (row.state, Signature.objects.count()) == ("proposed", 1)
    assert Agreement.objects.filter(document__isnull=False).count() == 0


@pytest.mark.django_db(transaction=True)
def test_two_heads_who_sign_at_once_leave_exactly_one_active(hanna, marta):
    at = clock.now()
    row = make_proposal(at=at)
    gate, refusals = Barrier(2), []

    def sign(person):
        gate.wait()
        try:
            versions.sign(row, digest=row.digest, by=person, at=at)
        except Exception as refusal:  # noqa: BLE001 -- any of them fails the test
            refusals.append(refusal)
        finally:
            connection.close()

    threads = [Thread(target=sign, args=(person,)) for person in (hanna, marta)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    row.refresh_from_db()
    assert refusals == []
    assert (row.state, row.signatures.count()) == ("signed", 2)
    assert Agreement.objects.filter(document=row).count() == 1
    assert holding(at + timedelta(seconds=1)).document == row
