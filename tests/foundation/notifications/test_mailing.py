"""Notices by e-mail, through a real server: once, in hours, a flood as a list."""

from datetime import UTC, datetime, timedelta

import pytest

from foundation.accounts.enums import Role
from foundation.jobs.actions import jobs, running
from foundation.jobs.enums import JobState
from foundation.jobs.models import Job
from foundation.notifications.actions import delivering, preferences, reading, sending
from foundation.notifications.domain import flood
from foundation.notifications.domain.flood import Lately, Plan
from foundation.notifications.enums import How
from foundation.notifications.models import Mailing, Notice
from tests.factories import notices
from tests.factories.accounts import make_user
from tests.factories.notices import KIND, give, pass_on

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
NOW = datetime.now(UTC) - HOUR
"""Jobs are due by the database's time, so these tests begin a little before now."""


def subjects(server):
    return [mail["Subject"] for mail in server.mails]


def _seven(moment):
    """Return the next 09:00 in Warsaw, 07:00 UTC in summer."""
    later = moment if moment.hour < 7 else moment + 24 * HOUR
    return later.replace(hour=7, minute=0)


def text_of(mail):
    return mail.get_body(["plain"]).get_content().replace("\r\n", "\n")


class TestPlan:
    """How many mails one person gets, without a database."""

    def test_a_few_come_one_by_one(self):
        assert flood.plan([1, 2, 3, 4, 5], Lately()) == Plan(single=[1, 2, 3, 4, 5])

    def test_many_at_once_come_together(self):
        assert flood.plan([1, 2, 3, 4, 5, 6], Lately()) == Plan(
            together=[1, 2, 3, 4, 5, 6]
        )

    def test_those_of_the_last_hour_count(self):
        assert flood.plan([4, 5], Lately(3, NOW)) == Plan(single=[4, 5])

    def test_what_comes_on_top_waits_until_the_hour_is_over(self):
        assert flood.plan([5, 6], Lately(4, NOW)) == Plan(later=NOW + HOUR)


@pytest.mark.django_db
@pytest.mark.usefixtures("kind", "always")
class TestMails:
    def test_one_notice_comes_as_text_and_html_with_a_link(self, sally, smtp, work):
        row = give(sally, 7, NOW)
        pass_on(NOW)

        work()

        (mail,) = smtp.mails
        mailing = Mailing.objects.get()
        assert (mail["Subject"], mail["To"]) == ("Thing 7", sally.email)
        assert mail["Message-ID"] == f"<{mailing.mark}@testserver>"
        assert mail["Auto-Submitted"] == "auto-generated"
        link = f"http://testserver/inbox/{row.pk}/"
        text, page = text_of(mail), mail.get_body(["html"]).get_content()
        assert text.startswith(f"Thing 7\n\nA note.\n\n{link}\n")
        assert page.count(f'href="{link}"') == 1
        assert (mailing.state, mailing.form) == ("sent", "one")
        assert mailing.sent_at is not None
        row.refresh_from_db()
        assert (row.mailing, row.mail_at) == (mailing, None)

    def test_five_within_an_hour_come_one_by_one(self, sally, smtp, work):
        for number in range(5):
            give(sally, number, NOW)
        pass_on(NOW)
        work()

        assert sorted(subjects(smtp)) == [f"Thing {n}" for n in range(5)]
        assert len({mail["Message-ID"] for mail in smtp.mails}) == 5

    def test_a_flood_comes_as_one_list_with_counts(self, sally, smtp, work):
        """A digest in place of a flood."""
        for number in range(23):
            give(sally, number, NOW)
        pass_on(NOW)
        work()

        (mail,) = smtp.mails
        assert mail["Subject"] == "23 notices within an hour"
        lines = text_of(mail).splitlines()
        assert "23 things" in lines
        assert [line for line in lines if line.startswith("- Thing")] == [
            f"- Thing {n}" for n in range(20)
        ]
        assert "- 3 more in your inbox" in lines
        assert Mailing.objects.get().notices.count() == 23

    def test_what_trickles_in_on_top_is_collected_for_an_hour(self, sally, smtp, work):
        for number in range(4):
            give(sally, number, NOW)
        pass_on(NOW)
        for number in range(4, 7):
            give(sally, number, NOW)
            pass_on(NOW + 20 * MINUTE)
        waiting = Notice.objects.exclude(mail_at=None)
        # The fifth still came by itself, so the hour begins with it.
        assert [row.subject_id for row in waiting.order_by("pk")] == [5, 6]
        assert {row.mail_at for row in waiting} == {NOW + 80 * MINUTE}

        pass_on(NOW + 79 * MINUTE)
        assert Mailing.objects.count() == 5
        for number in range(7, 13):
            give(sally, number, NOW + 80 * MINUTE)
        pass_on(NOW + 80 * MINUTE)

        last = Mailing.objects.latest("pk")
        assert (last.form, last.notices.count()) == ("many", 8)

    def test_a_flood_for_one_is_none_for_another(self, sally, mark):
        for number in range(6):
            give(sally, number, NOW)
        give(mark, 6, NOW)
        pass_on(NOW)

        forms = Mailing.objects.order_by("form").values_list("recipient", "form")
        assert list(forms) == [(sally.pk, "many"), (mark.pk, "one")]

    def test_what_was_read_meanwhile_is_not_mailed(self, sally):
        row = give(sally, 7, NOW)
        delivering.deliver(at=NOW)
        reading.read(row, by=sally, at=NOW)
        delivering.compose(at=NOW)

        row.refresh_from_db()
        assert (row.mail_at, row.mailing, Mailing.objects.count()) == (None, None, 0)

    def test_making_mails_again_makes_none(self, sally):
        give(sally, 7, NOW)
        pass_on(NOW)
        assert delivering.compose(at=NOW + HOUR) == 0
        assert (Mailing.objects.count(), Job.objects.count()) == (1, 1)

    def test_who_wants_none_gets_none(self, sally):
        preferences.choose({KIND: How.NOT}, by=sally, at=NOW)
        row = give(sally, 7, NOW)
        pass_on(NOW)

        row.refresh_from_db()
        assert (row.mail, row.delivered_at, Mailing.objects.count()) == ("not", NOW, 0)

    @pytest.mark.parametrize(
        ("language", "subject", "inbox", "foot"),
        [
            ("en", "6 notices within an hour", "Inbox", "Times are those of"),
            ("ro", "6 înștiințări într-o oră", "Inbox", "Orele sunt cele din"),
            ("pl", "6 powiadomień w ciągu godziny", "Skrzynka", "Godziny podano"),
        ],
    )
    def test_in_the_readers_language(self, smtp, work, language, subject, inbox, foot):
        person = make_user(language=language, time_zone="Europe/Warsaw")
        for number in range(6):
            give(person, number, NOW)
        pass_on(NOW)
        work()

        (mail,) = smtp.mails
        text = text_of(mail)
        assert mail["Subject"] == subject
        assert f"{inbox}: http://testserver/inbox/\n" in text
        assert foot in text
        assert "Europe/Warsaw" in text
        assert f'<html lang="{language}">' in mail.get_body(["html"]).get_content()

    def test_as_many_statements_for_many_readers_as_for_one(self, count_queries):
        people = [make_user() for _ in range(12)]

        def statements(readers, start):
            for reader in readers:
                give(reader, start, NOW)
            delivering.deliver(at=NOW)
            return count_queries(delivering.compose, at=NOW)

        assert statements(people[:1], 1) == statements(people[:3], 2)
        assert statements(people[:3], 3) == statements(people, 4)


@pytest.mark.django_db
@pytest.mark.usefixtures("kind")
class TestHours:
    @pytest.fixture
    def office(self):
        """Works from ``opens`` on, as a test sets it."""
        opens = [NOW - HOUR]

        def openings(moments):
            return {pk: max(moment, opens[0]) for pk, moment in moments.items()}

        with notices.hours(openings):
            yield opens

    def test_a_mail_that_becomes_due_while_its_reader_is_off_waits(self, sally, office):
        row = give(sally, 7, NOW)
        delivering.deliver(at=NOW)
        office[0] = NOW + HOUR

        delivering.compose(at=NOW)

        row.refresh_from_db()
        assert (row.mail_at, row.mailing) == (NOW + HOUR, None)
        delivering.compose(at=NOW + HOUR)
        row.refresh_from_db()
        assert row.mailing is not None

    def test_a_mail_late_because_of_its_server_waits_for_the_next_opening(
        self, sally, office, smtp, work
    ):
        give(sally, 7, NOW)
        pass_on(NOW)
        office[0] = opens = datetime.now(UTC) + HOUR

        assert work() == 1

        assert smtp.mails == []
        done, waiting = Job.objects.order_by("pk")
        assert (done.state, waiting.state) == (JobState.DONE, JobState.READY)
        assert (waiting.due_at, waiting.payload) == (opens, done.payload)

    def test_once_a_day_comes_with_the_next_working_day(self, sally, smtp, work):
        """Of a day that ends at the reader's midnight, when they begin to work."""

        def openings(moments):
            return {
                pk: moment if 7 <= moment.hour < 15 else _seven(moment)
                for pk, moment in moments.items()
            }

        sally.time_zone = "Europe/Warsaw"
        sally.save()
        preferences.choose({KIND: How.DAILY}, by=sally, at=NOW)
        day = datetime(2026, 6, 9, 10, tzinfo=UTC)
        with notices.hours(openings):
            for number in range(3):
                give(sally, number, day + number * HOUR)
                pass_on(day + number * HOUR)
            rows = Notice.objects.order_by("pk")
            assert {row.mail_at for row in rows} == {
                datetime(2026, 6, 10, 7, tzinfo=UTC)
            }
            pass_on(datetime(2026, 6, 10, 6, 59, tzinfo=UTC))
            assert Mailing.objects.count() == 0
            pass_on(datetime(2026, 6, 10, 7, tzinfo=UTC))
        with notices.hours(dict):
            work()

        (mail,) = smtp.mails
        assert mail["Subject"] == "3 notices since yesterday"
        assert Mailing.objects.get().form == "daily"


@pytest.mark.django_db
@pytest.mark.usefixtures("kind", "always")
class TestTrouble:
    @pytest.fixture
    def due(self, sally):
        """A mail that waits to be sent."""
        give(sally, 7, NOW)
        pass_on(NOW)
        return Job.objects.get()

    def again(self, job):
        """Let the job's wait be over."""
        Job.objects.filter(pk=job.pk).update(due_at=NOW)

    def test_a_server_that_is_away_makes_it_late_with_growing_waits(
        self, due, smtp, work
    ):
        """R23: late but once."""
        smtp.stop()
        waits = []
        for _ in range(4):
            self.again(due)
            before = datetime.now(UTC)
            work()
            due.refresh_from_db()
            waits.append(round((due.due_at - before).total_seconds()))
        assert waits == [2, 4, 8, 16]
        assert (due.state, due.attempt) == (JobState.READY, 4)
        assert "The mail server is away: ConnectionRefusedError." in due.error

        with notices.mail_server() as back:
            self.again(due)
            work()
            assert subjects(back) == ["Thing 7"]
        assert Mailing.objects.get().state == "sent"

    def test_an_answer_for_now_is_tried_again(self, due, smtp, work, sally):
        smtp.answer = "451 4.3.0 Later"
        work()
        due.refresh_from_db()
        assert (due.state, Mailing.objects.get().state) == ("ready", "handing_over")
        assert sally.email not in due.error

        smtp.answer = "250 OK"
        self.again(due)
        work()
        assert subjects(smtp) == ["Thing 7"]

    def test_a_refused_address_is_given_up_and_shown(
        self, due, smtp, work, sally, client
    ):
        smtp.refuses = {sally.email}

        assert work() == 1

        due.refresh_from_db()
        mailing = Mailing.objects.get()
        assert (due.state, due.attempt) == (JobState.DEAD, 1)
        assert due.error == (
            f"The mail server refused the e-mail to person {sally.pk} (550)."
        )
        assert (mailing.state, mailing.answer) == ("refused", 550)
        assert work() == 0
        # It is in the inbox all the same, and an administrator sees the job.
        assert Notice.objects.get().delivered_at == NOW
        client.force_login(make_user(Role.ADMIN))
        page = client.get("/admin/jobs/job/?state=dead")
        assert "notifications.mail" in page.content.decode()

        smtp.refuses = set()
        jobs.replay(due, at=NOW)
        work()
        assert subjects(smtp) == ["Thing 7"]
        mailing.refresh_from_db()
        assert (mailing.state, mailing.answer) == ("sent", None)

    def test_a_text_refused_for_good_is_given_up(self, due, smtp, work):
        smtp.answer = "554 5.7.1 No"
        work()
        due.refresh_from_db()
        assert (due.state, Mailing.objects.get().answer) == (JobState.DEAD, 554)

    def test_no_address_in_the_log(self, due, smtp, work, sally, caplog):
        for answer in ("451 Later", "554 No"):
            smtp.answer = answer
            self.again(due)
            work()
        smtp.stop()
        told = [each for each in caplog.records if each.name.startswith("foundation")]
        text = "".join(caplog.handler.format(each) for each in told)
        assert "NotSent" in text
        assert sally.email not in text

    def test_killed_between_sending_and_noting_it_comes_again_recognisably(
        self, due, smtp, work, monkeypatch
    ):
        """The worker died; its lease ran out; another takes the mail over."""

        class Killed(BaseException):
            pass

        def die(*_args, **_options):
            raise Killed

        with monkeypatch.context() as broken:
            broken.setattr(sending, "mark_sent", die)
            with pytest.raises(Killed):
                work()
        due.refresh_from_db()
        assert (due.state, Mailing.objects.get().state) == ("running", "handing_over")
        Job.objects.filter(pk=due.pk).update(leased_until_at=NOW)

        work()

        first, second = smtp.mails
        assert first["Message-ID"] == second["Message-ID"]
        assert first["Subject"] == second["Subject"] == "Thing 7"
        assert (Mailing.objects.count(), Mailing.objects.get().state) == (1, "sent")

    def test_killed_after_noting_it_does_not_come_again(self, due, smtp, work):
        work()
        Job.objects.filter(pk=due.pk).update(
            state=JobState.READY, due_at=NOW, finished_at=None
        )

        work()

        assert subjects(smtp) == ["Thing 7"]

    def test_an_overtaken_worker_sends_nothing(self, due, smtp, monkeypatch):
        """It slept between writing and sending; somebody else has the job by now."""
        line = sending.line

        def slow():
            Job.objects.filter(pk=due.pk).update(attempt=9)
            return line()

        monkeypatch.setattr(sending, "line", slow)
        running.run_next("fast")

        assert smtp.mails == []
        assert Mailing.objects.get().state == "waiting"

    def test_whoever_left_meanwhile_gets_none(self, due, smtp, work, sally):
        sally.is_active = False
        sally.save()
        work()

        assert (smtp.mails, Mailing.objects.get().state) == ([], "dropped")

    def test_about_nothing_that_is_there_it_is_dropped(self, due, smtp, work):
        Notice.objects.update(kind="test.gone")
        work()

        assert (smtp.mails, Mailing.objects.get().state) == ([], "dropped")


@pytest.mark.django_db(transaction=True)
def test_the_job_tells_delivers_and_makes_mails(sally, kind, always, smtp, work):
    """What the tick starts, from end to end."""
    row = give(sally, 7, NOW)
    jobs.enqueue("notifications.follow", at=NOW)

    work()

    row.refresh_from_db()
    assert row.mailing is not None
    assert row.mailing.state == "sent"
    assert subjects(smtp) == ["Thing 7"]
