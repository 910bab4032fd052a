"""What a page shows is worked out once per position, the same for everybody."""

import threading
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from foundation.accounts.models import User, Workspace
from foundation.kernel.periods import Step, around, parse
from foundation.ledger import queries as ledger
from kpis.actions import scorecards, sheets, watched
from kpis.domain import keeping
from kpis.domain.questions import Measure, Question
from kpis.models import Scorecard, Sheet
from kpis.queries import sheets as asked
from kpis.queries import values
from kpis.queries.reading import reading
from tests.factories.leads import make_lead
from tests.kpis import life
from tests.kpis.life import AT, BEGIN, DAY

MINUTE = timedelta(minutes=1)
SPRING = parse("2026-Q1")
QUESTIONS = [
    Question("leads", SPRING, by="source", step=Step.MONTH),
    Question("lead_to_customer", SPRING, by="owner", within=30),
    Question("nrr", parse("2026-04")),
    Question("speed_to_lead", SPRING),
    Question("mql_acceptance", SPRING, by="source"),
    Question("stage_wait", parse("2026"), by="stage"),
]
KEYS = [
    *map(asked.series_key, QUESTIONS),
    asked.cohort_key(SPRING, 30),
    asked.targets_key(SPRING),
    asked.FINDING,
]


@pytest.fixture
def won(sally, mark):
    return life.begin(sally, mark)


def ask(page="page", at=AT):
    with sheets.answers(page, at=at) as answers:
        return {key: answers.of(key) for key in KEYS}


def test_a_measure_is_read_as_it_was_written():
    measure = Measure(
        n=3,
        value=Decimal("0.3333333333"),
        numerator=Decimal("12.50"),
        denominator=3,
        mature=False,
        percentiles={"p90": Decimal("7.1"), "none": None},
        apart={"cases": 4, "share": Decimal(1) / 3},
        missing=2,
        problem="missing_rate",
    )

    assert keeping.measure(keeping.kept(measure)) == measure


@pytest.mark.django_db
class TestAlone:
    def test_an_answer_that_was_kept_equals_one_that_is_asked(self, won):
        ask()

        with sheets.answers("page", at=AT) as answers, reading(at=AT) as seen:
            for question in QUESTIONS:
                found = answers.of(asked.series_key(question))
                kept = asked.series(question, found, seen)
                assert kept == values.answer(question, seen)

    def test_the_second_reader_asks_for_no_number(self, won, count_queries):
        first = ask()

        assert count_queries(ask) == 3  # settings, position, the sheet
        assert ask() == first
        assert Sheet.objects.count() == 1

    def test_another_position_day_or_setting_is_another_sheet(self, won):
        first = ask()
        make_lead(created_at=BEGIN)
        later = ask()
        assert later != first
        assert Sheet.objects.get().position == ledger.position()

        Workspace.objects.update(path_window_days=7)
        assert ask() != later
        made = Sheet.objects.get().pk
        ask(at=AT + DAY)
        assert Sheet.objects.get().pk != made

    def test_what_a_kept_sheet_lacks_is_told_as_of_its_position(self, won):
        with sheets.answers("page", at=AT) as answers:
            answers.of(KEYS[0])
        with sheets.answers("page", at=AT) as answers:
            position = answers.seen.position
            make_lead(created_at=BEGIN)
            found = answers.of(asked.series_key(Question("leads", SPRING)))

        then = Question("leads", SPRING, as_of=position)
        total = values.value(then, at=AT).total.n
        assert keeping.measure(found["cells"][0][3]).n == total == 4

    def test_whose_figures_may_be_seen_is_not_kept(self, won, sally):
        ask()
        other = User.objects.exclude(pk=sally.pk).values_list("pk", flat=True)
        shown = []
        for persons in (None, frozenset({sally.pk}), frozenset(other)):
            mine = Question(**{**vars(QUESTIONS[1]), "persons": persons})
            with sheets.answers("page", at=AT) as answers:
                found = answers.of(asked.series_key(mine))
                series = asked.series(mine, found, answers.seen)
            shown.append([value.split for value in series.values])

        assert shown == [[None, "", str(sally.pk)]] * 2 + [[None, ""]]

    def test_it_can_be_worked_out_again_whatever_came_later(self, won):
        ask()
        sheet = Sheet.objects.get()
        life.go_on(won)
        Workspace.objects.update(time_zone="Asia/Tokyo", step_window_days=7)

        assert asked.recomputed(sheet) == sheet.answers
        assert ask() != sheet.answers

    def test_an_altered_answer_is_found(self, won, monkeypatch):
        monkeypatch.setattr("foundation.kernel.clock.now", lambda: AT)
        ask()
        call_command("verify_numbers")
        sheet = Sheet.objects.get()
        sheet.answers[KEYS[0]]["cells"][0][3][0] += 1
        sheet.save(update_fields=["answers"])

        with pytest.raises(CommandError):
            call_command("verify_numbers")

    def test_pages_that_somebody_looks_at_are_kept_ready(self, won, count_queries):
        ask()
        card = scorecards.current(SPRING, at=AT)
        assert not watched.are_behind(at=AT)
        life.go_on(won)
        assert watched.are_behind(at=AT)
        assert not watched.are_behind(at=AT + watched.WATCHED + MINUTE)

        assert watched.refresh(at=AT + MINUTE) == 2

        assert not watched.are_behind(at=AT + MINUTE)
        assert count_queries(ask, "page", AT + MINUTE) == 3
        made = Scorecard.objects.exclude(pk=card.pk).get()
        assert (made.position, made.asked_at) == (ledger.position(), card.asked_at)
        assert scorecards.current(SPRING, at=AT + MINUTE).pk == made.pk

    def test_what_was_asked_for_today_is_ready_for_who_comes_next(
        self, won, count_queries
    ):
        ask()
        card = scorecards.current(SPRING, at=AT)
        life.go_on(won)
        later = AT + watched.WATCHED + MINUTE
        assert not watched.are_behind(at=later)
        assert watched.are_expected_behind(at=later)

        assert watched.refresh_expected(at=later) == 3  # and Today's own quarter

        assert not watched.are_expected_behind(at=later)
        assert watched.refresh_expected(at=later) == 0
        sheet = Sheet.objects.get()
        assert (sheet.position, sheet.asked_at) == (ledger.position(), AT)
        assert asked.recomputed(sheet) == sheet.answers
        assert count_queries(ask, "page", later) == 4  # and when it was asked for
        made = Scorecard.objects.filter(period=SPRING.label).exclude(pk=card.pk).get()
        assert (made.position, made.asked_at) == (ledger.position(), card.asked_at)
        assert scorecards.current(SPRING, at=later).pk == made.pk

    def test_today_is_ready_before_anybody_asks(self, won):
        quarter = around((AT + DAY).date(), Step.QUARTER)
        ask()

        assert watched.refresh_expected(at=AT + DAY) == 1  # no page of the day before

        made = Scorecard.objects.get()
        assert (made.period, made.day) == (quarter.label, (AT + DAY).date())
        assert not watched.are_behind(at=AT + DAY)
        assert scorecards.current(quarter, at=AT + DAY).pk == made.pk

    def test_of_the_pages_of_today_the_latest_come_first(self, won, monkeypatch):
        monkeypatch.setattr(watched, "EXPECTED", 1)
        ask("first")
        ask("second", at=AT + MINUTE)
        life.go_on(won)

        assert watched.refresh_expected(at=AT + 2 * MINUTE) == 2

        ready = Sheet.objects.filter(position=ledger.position())
        assert [sheet.page for sheet in ready] == ["second"]

    def test_looking_again_counts_and_a_page_nobody_wants_is_forgotten(self, won):
        ask()
        scorecards.current(SPRING, at=AT)
        later = AT + 5 * MINUTE

        ask(at=later)
        scorecards.current(SPRING, at=later)

        assert Sheet.objects.get().asked_at == later
        assert Scorecard.objects.get().asked_at == later
        assert sheets.forget(at=later + sheets.KEPT) == 0
        assert sheets.forget(at=later + sheets.KEPT + MINUTE) == 1


@pytest.mark.django_db
def test_nothing_is_expected_of_an_empty_ledger():
    assert ledger.position() == 0
    assert not watched.are_expected_behind(at=AT)
    assert watched.refresh_expected(at=AT) == 0


@pytest.mark.django_db(transaction=True)
def test_of_many_readers_at_once_one_works(sally, mark, monkeypatch):
    life.begin(sally, mark)
    worked, found = [], []
    work = asked.worked_out

    def counted(key, seen):
        worked.append(key)
        return work(key, seen)

    monkeypatch.setattr(asked, "worked_out", counted)

    def look():
        try:
            found.append(ask())
        finally:
            connection.close()

    readers = [threading.Thread(target=look) for _ in range(4)]
    for thread in readers:
        thread.start()
    for thread in readers:
        thread.join()

    assert sorted(worked) == sorted(KEYS)
    assert found == [found[0]] * 4


@pytest.mark.django_db(transaction=True)
def test_both_teams_read_the_same_page_while_rows_are_written(sally, mark):
    life.begin(sally, mark)
    stop = threading.Event()
    seen: dict[int, object] = {}
    faults: list[object] = []

    def write():
        while not stop.is_set():
            make_lead(created_at=BEGIN, source="web")

    def look():
        for _ in range(6):
            with sheets.answers("page", at=AT) as answers:
                told = {key: answers.of(key) for key in KEYS}
            if seen.setdefault(answers.seen.position, told) != told:
                faults.append(answers.seen.position)

    def guarded(work):
        try:
            work()
        except Exception as error:  # noqa: BLE001 -- told in the main thread
            faults.append(error)
        finally:
            connection.close()

    writer = threading.Thread(target=guarded, args=(write,))
    readers = [threading.Thread(target=guarded, args=(look,)) for _ in range(2)]
    for thread in (writer, *readers):
        thread.start()
    for thread in readers:
        thread.join()
    stop.set()
    writer.join()

    assert faults == []
    assert len(seen) > 1
    sheet = Sheet.objects.get()
    assert asked.recomputed(sheet) == sheet.answers == seen[sheet.position]
