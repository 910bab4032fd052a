import threading
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from foundation.accounts.models import Workspace
from foundation.kernel.periods import parse
from kpis.actions import facts, scorecards, targets
from kpis.models import Scorecard
from kpis.queries.scorecards import recomputed
from leads.actions import corrections
from leads.models import StageChange
from tests.factories.leads import make_lead, move
from tests.kpis import life
from tests.kpis.life import AT, BEGIN, DAY

SPRING = parse("2026-Q1")


@pytest.fixture
def won(sally, mark):
    return life.begin(sally, mark)


@pytest.mark.django_db
class TestAlone:
    def test_the_joint_result_stands_first(self, won):
        card = scorecards.current(SPRING, at=AT)

        parts = card.values["sections"]
        names = [part["section"] for part in parts]
        assert names == ["result", "path", "promises", "cost"]
        first = [each["key"] for each in parts[0]["kpis"]]
        assert first[:2] == ["revenue", "retention"]

    def test_a_card_is_worked_out_once_per_position_day_and_settings(self, won):
        card = scorecards.current(SPRING, at=AT)

        assert scorecards.current(SPRING, at=AT + timedelta(hours=1)).pk == card.pk
        assert scorecards.current(SPRING, at=AT + DAY).pk != card.pk
        assert scorecards.current(parse("2026-03"), at=AT).pk != card.pk
        Workspace.objects.update(step_window_days=20)
        assert scorecards.current(SPRING, at=AT).pk != card.pk
        Workspace.objects.update(step_window_days=30)
        make_lead(created_at=BEGIN)
        newer = scorecards.current(SPRING, at=AT)
        assert newer.position > card.position
        assert newer.line("leads")["n"] == card.line("leads")["n"] + 1

    def test_it_can_be_worked_out_again_whatever_came_later(self, won, sally):
        targets.set_target("leads", 40, period="2026-Q1", by=sally, at=AT)  # type: ignore[arg-type]
        card = scorecards.current(SPRING, at=AT)
        before = card.values

        life.go_on(won)
        change = StageChange.objects.filter(lead=won, to_stage="mql", in_force=True)
        corrections.withdraw_changes(
            change.values_list("pk", flat=True), by=None, at=AT
        )
        targets.set_target("leads", 50, period="2026-Q1", by=sally, at=AT)  # type: ignore[arg-type]
        Workspace.objects.update(time_zone="Asia/Tokyo", step_window_days=7)

        assert recomputed(card) == before
        assert card.line("leads")["target"] == "40"
        now = scorecards.current(SPRING, at=AT)
        assert now.values != before
        assert now.line("leads")["target"] == "50"

    def test_a_pinned_card_stays_as_it_is(self, won, sally):
        card = scorecards.current(SPRING, at=AT)

        scorecards.pin(card, by=sally, at=AT)
        scorecards.pin(card, by=None, at=AT + DAY)

        assert (card.pinned_at, card.pinned_by) == (AT, sally)
        for change in (
            lambda: Scorecard.objects.update(values={}),
            lambda: Scorecard.objects.update(pinned_at=None),
            lambda: Scorecard.objects.all().delete(),
        ):
            with pytest.raises(IntegrityError), transaction.atomic():
                change()

    def test_an_unpinned_card_never_changes_either_but_is_forgotten(self, won):
        card = scorecards.current(SPRING, at=AT)
        with pytest.raises(IntegrityError), transaction.atomic():
            Scorecard.objects.update(position=0)

        assert scorecards.forget(at=AT + scorecards.KEPT) == 0
        scorecards.pin(scorecards.current(parse("2026"), at=AT), by=None, at=AT)
        assert scorecards.forget(at=AT + scorecards.KEPT + DAY) == 1
        assert not Scorecard.objects.filter(pk=card.pk).exists()


@pytest.mark.django_db(transaction=True)
def test_both_teams_read_the_same_card_while_rows_are_written(sally, mark):
    life.begin(sally, mark)
    stop, seen, faults = threading.Event(), {}, []  # type: ignore[var-annotated]

    def write():
        number = 0
        while not stop.is_set():
            lead = make_lead(created_at=BEGIN + number % 20 * DAY)
            move(lead, ["mql", "sql", "customer"][number % 3], BEGIN + 25 * DAY)
            if number % 5 == 0:
                facts.refresh_all()
            number += 1

    def read(name):
        for _ in range(6):
            card = scorecards.current(SPRING, at=AT)
            if seen.setdefault(card.position, card.values) != card.values:
                faults.append((name, card.position))

    def guarded(work, *args):
        try:
            work(*args)
        except Exception as error:  # noqa: BLE001 -- told in the main thread
            faults.append(error)  # type: ignore[arg-type]
        finally:
            connection.close()

    writer = threading.Thread(target=guarded, args=(write,))
    readers = [
        threading.Thread(target=guarded, args=(read, name))
        for name in ("sales", "marketing")
    ]
    for thread in (writer, *readers):
        thread.start()
    for thread in readers:
        thread.join()
    stop.set()
    writer.join()

    assert faults == []
    assert len(seen) > 1
    for card in Scorecard.objects.all():
        assert recomputed(card) == card.values == seen[card.position]
