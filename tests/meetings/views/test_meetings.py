import json
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from foundation.accounts.enums import Role
from meetings.actions import agenda, followups, meetings, records
from meetings.enums import ItemState, MeetingState
from meetings.models import Action, Decision, Note, Series
from tests.factories.accounts import make_user
from tests.factories.meetings import (
    current,
    hold,
    make_action,
    make_decision,
    make_meeting,
    make_running,
    make_series,
    make_topic,
    next_of,
)

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def now(monkeypatch, at):
    """Pages are looked at on the Monday; a test may move the clock."""

    class Clock:
        moment = at

        def __call__(self):
            return self.moment

    clock = Clock()
    monkeypatch.setattr("foundation.kernel.clock.now", clock)
    return clock


@pytest.fixture
def cost(client):
    """Open a page twice; return how many statements the second time took."""

    def cost(url):
        client.get(url)
        with CaptureQueriesContext(connection) as captured:
            response = client.get(url)
        return len(captured), response.context_data

    return cost


def detail(meeting, **query):
    return reverse("meetings:meeting-detail", args=[meeting.pk], query=query or None)


def act(name, *args):
    return reverse(f"meetings:{name}", args=args)


# The list


def test_the_list_costs_the_same_at_any_length(client, sally, mark, at, cost):
    def grow(number):
        row = make_series(at=at, name=f"Series {number}")
        meeting = meetings.start(next_of(row), by=sally, at=at)
        make_decision(meeting, by=sally)
        make_action(meeting, by=sally, owner=mark)
        meetings.end(meeting, by=sally, at=at + timedelta(minutes=30))
        agenda.write(next_of(row), by=None, at=at)

    client.force_login(mark)
    grow(1)
    one, context = cost(act("meeting-list"))
    grow(2)
    grow(3)
    three, context = cost(act("meeting-list"))

    assert one == three
    assert [len(context[key]) for key in ("cards", "actions", "past")] == [3, 3, 3]
    assert [(m.decision_count, m.action_count) for m in context["past"]] == [(1, 1)] * 3


def test_the_list_shows_the_running_meeting_first(client, sally, at):
    later = make_meeting(at=at, name="Earlier in the week", weekday=0)
    running = make_running(at=at, by=sally, name="Later in the week", weekday=4)
    client.force_login(sally)

    response = client.get(act("meeting-list"))

    assert [card.meeting for card in response.context_data["cards"]] == [running, later]


def test_actions_say_how_near_their_date_is(client, sally, at, now):
    meeting = make_running(at=at, by=sally)
    for day in (2, 3, 6, 7):
        make_action(meeting, by=sally, due_on=date(2026, 3, day))
    now.moment = datetime(2026, 3, 2, 22, 30, tzinfo=UTC)  # the 3rd in Bucharest
    client.force_login(sally)

    response = client.get(act("meeting-list"))

    assert [
        (one.action.due_on.day, one.nearness, one.is_mine)
        for one in response.context_data["actions"]
    ] == [(2, "past", True), (3, "soon", True), (6, "soon", True), (7, "", True)]


def test_an_empty_workspace_says_what_to_do(client, sally):
    head = make_user(Role.HEAD_OF_SALES)
    client.force_login(head)
    assert reverse("meetings:series-create") in client.get(act("meeting-list")).text

    client.force_login(sally)
    text = client.get(act("meeting-list")).text
    assert (
        "No meeting planned" in text,
        reverse("meetings:series-create") in text,
    ) == (
        True,
        False,
    )


# One meeting


@pytest.mark.parametrize("state", ["agenda", "room", "minutes"])
def test_a_meeting_costs_the_same_at_any_length(client, sally, mark, at, state, cost):
    """With one and with three of everything that can stand in it."""

    def written(n):
        first = make_running(at=at, by=sally, name=f"With {n}")
        for _ in range(n):
            make_action(first, by=sally, owner=make_user())
        meetings.end(first, by=sally, at=first.starts_at + timedelta(minutes=30))
        meeting = next_of(first.series)
        for _ in range(n):
            make_topic(meeting, by=make_user())
        agenda.write(meeting, by=None, at=meeting.starts_at)
        return meeting

    def fill(meeting, n):
        meetings.start(meeting, by=sally, at=meeting.starts_at)
        for _ in range(n):
            by = make_user()
            records.write_note(current(meeting), "Said", by=by, at=meeting.starts_at)
            make_decision(meeting, by=by)
            make_action(meeting, by=by, owner=make_user())

    found = []
    for n in (1, 3):
        meeting = written(n)
        if state != "agenda":
            fill(meeting, n)
        if state == "minutes":
            meetings.end(meeting, by=sally, at=meeting.starts_at + timedelta(hours=1))
        found.append(meeting)
    client.force_login(mark)

    (one, few), (three, many) = (cost(detail(meeting)) for meeting in found)

    assert one == three
    assert len(many["shown"]) == len(few["shown"]) + 2


def test_sales_and_marketing_read_the_same_room(client, at):
    """The same words for everybody but names of oneself and what only they may do."""
    lea = make_user(Role.LEADERSHIP)
    meeting = make_running(at=at, by=lea)
    records.write_note(current(meeting), "Said by somebody", by=lea, at=at)
    texts = []
    people = [make_user(r, name="Same Name") for r in (Role.SALES_REP, Role.MARKETER)]
    for person in people:
        client.force_login(person)
        text = client.get(detail(meeting), headers=HTMX).text
        texts.append(
            [line for line in text.splitlines() if "csrfmiddlewaretoken" not in line]
        )

    assert texts[0] == texts[1]


def test_the_room_follows_the_current_item_unless_somebody_chose(client, sally, at):
    meeting = make_meeting(at=at)
    topic = make_topic(meeting, by=sally)
    meetings.start(meeting, by=sally, at=at)
    client.force_login(sally)

    follows = client.get(detail(meeting), headers=HTMX)
    chose = client.get(detail(meeting, item=topic.pk), headers=HTMX)

    first = current(meeting)
    assert follows.template_name == "meetings/meeting_detail.html#meeting-body"
    assert (follows.context_data["focus"].item, follows.context_data["here"]) == (
        first,
        "",
    )
    assert (chose.context_data["focus"].item, chose.context_data["here"]) == (
        topic,
        f"?item={topic.pk}",
    )
    assert f'hx-get="{detail(meeting)}?item={topic.pk}"' in chose.text


@pytest.mark.parametrize("wrong", ["", "x", "0", "99999999999999999999"])
def test_a_choice_that_is_no_item_follows_the_room(client, sally, at, wrong):
    meeting = make_running(at=at, by=sally)
    client.force_login(sally)

    response = client.get(detail(meeting, item=wrong))

    assert response.context_data["focus"].item == current(meeting)


def test_begin_and_end_by_post_answer_with_room_and_minutes(client, sally, at):
    meeting = make_meeting(at=at)
    client.force_login(sally)

    room = client.post(act("meeting-start", meeting.pk), headers=HTMX)
    minutes = client.post(act("meeting-end", meeting.pk), headers=HTMX)

    assert (room.status_code, 'id="note-form"' in room.text) == (200, True)
    assert (minutes.status_code, 'id="note-form"' in minutes.text) == (200, False)
    meeting.refresh_from_db()
    assert (meeting.state, meeting.ended_by, meeting.ended_at) == (
        MeetingState.HELD,
        sally,
        at,
    )


def test_without_script_a_post_leads_back_to_the_page(client, sally, at):
    meeting = make_meeting(at=at)
    client.force_login(sally)

    response = client.post(act("meeting-start", meeting.pk))

    assert (response.status_code, response["Location"]) == (302, detail(meeting))


def test_what_people_write_is_kept_about_the_item_they_name(client, sally, mark, at):
    meeting = make_meeting(at=at)
    topic = make_topic(meeting, by=sally)
    meetings.start(meeting, by=sally, at=at)
    client.force_login(mark)
    about = {"item": topic.pk}

    for name, fields in (
        ("note-write", {"text": "Said"}),
        (
            "decision-take",
            {"text": "Yes", "help_by": "2026-04-01", "help_kpi": "mqls"},
        ),
        ("action-agree", {"text": "Call", "owner": sally.pk, "due_on": "2026-03-09"}),
    ):
        answer = client.post(act(name, meeting.pk), about | fields, headers=HTMX)
        assert answer.status_code == 200

    assert Note.objects.values_list("item", "text", "written_by").get() == (
        topic.pk,
        "Said",
        mark.pk,
    )
    assert Decision.objects.values_list("item", "help_by", "help_kpi").get() == (
        topic.pk,
        date(2026, 4, 1),
        "mqls",
    )
    assert Action.objects.values_list("item", "owner", "due_on").get() == (
        topic.pk,
        sally.pk,
        date(2026, 3, 9),
    )


def test_words_that_cannot_be_kept_come_back_in_the_form(client, sally, at):
    meeting = make_running(at=at, by=sally)
    client.force_login(sally)
    fields = {"item": current(meeting).pk, "text": "Call Wisła", "due_on": "soon"}

    answer = client.post(act("action-agree", meeting.pk), fields, headers=HTMX)

    assert (answer.status_code, Action.objects.count()) == (422, 0)
    assert 'value="Call Wisła"' in answer.text


def test_words_sent_after_the_end_are_shown_and_not_lost(client, sally, mark, at):
    meeting = make_running(at=at, by=sally)
    item = current(meeting)
    meetings.end(meeting, by=sally, at=meeting.starts_at + timedelta(minutes=30))
    client.force_login(mark)

    answer = client.post(
        act("note-write", meeting.pk),
        {"item": item.pk, "text": "One more thing"},
        headers=HTMX,
    )

    assert (answer.status_code, Note.objects.count()) == (409, 0)
    assert "This meeting has ended; its minutes do not change." in answer.text
    assert "One more thing" in answer.text


def test_an_item_of_another_meeting_is_not_found(client, sally, at):
    meeting = make_running(at=at, by=sally)
    other = make_running(at=at, by=sally, name="Another")
    client.force_login(sally)

    taken = client.post(act("take-up", meeting.pk, other.items.earliest("pk").pk))
    wrote = client.post(
        act("note-write", meeting.pk),
        {"item": other.items.earliest("pk").pk, "text": "Here"},
        headers=HTMX,
    )

    assert (taken.status_code, wrote.status_code, Note.objects.count()) == (404, 422, 0)


def test_park_discuss_and_take_up_by_post(client, sally, at):
    meeting = make_meeting(at=at)
    topic = make_topic(meeting, by=sally)
    meetings.start(meeting, by=sally, at=at)
    result = current(meeting)
    client.force_login(sally)

    client.post(act("park", meeting.pk, result.pk), headers=HTMX)
    client.post(act("discuss", meeting.pk, topic.pk), headers=HTMX)
    client.post(act("take-up", meeting.pk, topic.pk), headers=HTMX)

    states = dict(meeting.items.values_list("kind", "state"))
    assert (states["result"], states["topic"]) == (ItemState.PARKED, ItemState.OPEN)
    assert current(meeting) == topic


def test_topics_are_added_and_taken_off_by_post(client, sally, mark, at):
    meeting = make_meeting(at=at)
    client.force_login(mark)
    client.post(
        act("topic-add", meeting.pk), {"text": "Fair", "box_minutes": 7}, headers=HTMX
    )
    topic = meeting.items.get()
    assert (topic.text, topic.box_minutes, topic.added_by) == ("Fair", 7, mark)

    client.force_login(sally)
    refused = client.post(act("withdraw", meeting.pk, topic.pk), headers=HTMX)
    assert (refused.status_code, meeting.items.count()) == (403, 1)

    client.force_login(mark)
    client.post(act("withdraw", meeting.pk, topic.pk), headers=HTMX)
    assert meeting.items.count() == 0


def test_what_somebody_else_wrote_is_not_taken_back(client, sally, mark, at):
    meeting = make_running(at=at, by=sally)
    note = records.write_note(current(meeting), "Said", by=sally, at=at)
    client.force_login(mark)
    refused = client.post(act("note-take-back", meeting.pk, note.pk), headers=HTMX)
    assert (refused.status_code, Note.objects.count()) == (403, 1)

    client.force_login(sally)
    client.post(act("note-take-back", meeting.pk, note.pk), headers=HTMX)
    assert Note.objects.count() == 0


@pytest.mark.parametrize("name", ["meeting-start", "meeting-end", "meeting-skip"])
def test_a_meeting_is_not_changed_by_looking(client, sally, at, name):
    meeting = make_meeting(at=at)
    client.force_login(sally)

    assert client.get(act(name, meeting.pk)).status_code == 405


# Minutes


def test_minutes_show_what_was_agreed_and_what_became_of_it(client, sally, mark, at):
    meeting = make_running(at=at, by=sally)
    action = make_action(meeting, by=sally, owner=mark)
    meetings.end(meeting, by=sally, at=meeting.starts_at + timedelta(minutes=30))
    followups.move(action, owner=sally, due_on=date(2026, 5, 1), by=sally, at=at)
    followups.finish(action, by=sally, at=at)
    client.force_login(mark)

    response = client.get(detail(meeting))

    [agreed] = [row for one in response.context_data["shown"] for row in one.agreed]
    assert (agreed["owner"], agreed["due_on"], agreed["now"].state) == (
        mark,
        date(2026, 3, 9),
        "done",
    )
    assert response.context_data["is_intact"] is True


# The card on Today


def test_the_next_meeting_in_short(client, mark, at):
    meeting = make_meeting(at=at)
    make_topic(meeting, "Trade fair leads", by=mark)
    agenda.write(meeting, by=None, at=at)
    client.force_login(mark)

    response = client.get(act("next-region"))

    card = response.context_data["card"]
    assert response.template_name == "meetings/next.html#meeting-next"
    assert (card.when, [(line.title, line.box_minutes) for line in card.lines]) == (
        "tomorrow 10:00",
        [
            ("Our result", 5),
            ("Nothing past the agreed time", 5),
            ("Trade fair leads", 10),
        ],
    )


def test_the_card_says_so_when_nothing_is_planned(client, sally):
    client.force_login(sally)

    response = client.get(act("next-region"))

    assert (response.context_data["card"], "No meeting planned" in response.text) == (
        None,
        True,
    )


# Actions


def test_an_action_is_ticked_where_it_stands(client, sally, mark, at):
    meeting = make_running(at=at, by=sally)
    action = make_action(meeting, by=sally)
    client.force_login(mark)

    where = HTMX | {"HX-Current-URL": "http://testserver/meetings/?page=2"}

    answer = client.post(act("action-finish", action.pk), headers=where)

    action.refresh_from_db()
    assert (answer.status_code, action.state) == (200, "done")
    undo = f"/meetings/actions/{action.pk}/reopen/?next=%2Fmeetings%2F%3Fpage%3D2"
    assert json.loads(answer["HX-Trigger"]) == {
        "meetings-changed": {},
        "ui:message": {"text": "Done.", "level": "success", "undo": undo},
    }


def test_an_action_is_moved_dropped_and_opened_again(client, sally, mark, at):
    action = make_action(make_running(at=at, by=sally), by=sally)
    client.force_login(mark)

    client.post(
        act("action-move", action.pk), {"owner": mark.pk, "due_on": "2026-03-20"}
    )
    client.post(act("action-drop", action.pk), {"reason": "Fair called off"})
    refused = client.post(
        act("action-move", action.pk),
        {"owner": sally.pk, "due_on": "2026-03-21"},
        headers=HTMX,
    )
    client.post(act("action-reopen", action.pk))

    assert refused.status_code == 409
    assert list(
        action.changes.values_list("state_after", "owner_after", "due_after", "reason")
    ) == [
        ("open", mark.pk, date(2026, 3, 20), ""),
        ("dropped", mark.pk, date(2026, 3, 20), "Fair called off"),
        ("open", mark.pk, date(2026, 3, 20), ""),
    ]


def test_the_history_of_an_action_costs_the_same(client, sally, mark, at, cost):
    action = make_action(make_running(at=at, by=sally), by=sally)
    client.force_login(mark)
    found = []
    for n in (1, 2):
        for _ in range(n):
            followups.finish(action, by=make_user(), at=at)
            followups.reopen(action, by=make_user(), at=at)
        statements, context = cost(act("action-detail", action.pk))
        found.append((statements, len(context["changes"])))

    assert [found[0][0], found[1]] == [found[1][0], (found[0][0], 6)]


def test_after_a_tick_one_returns_where_one_was_and_nowhere_else(client, sally, at):
    action = make_action(make_running(at=at, by=sally), by=sally)
    client.force_login(sally)
    url = act("action-finish", action.pk)

    back = client.post(url, {"next": "/meetings/"})
    away = client.post(url, {"next": "https://elsewhere.example/"})

    assert (back["Location"], away["Location"]) == (
        "/meetings/",
        act("action-detail", action.pk),
    )


# Series


PLAN = {
    "name": "Weekly meeting",
    "weeks": "2",
    "weekday": "3",
    "local_time": "09:30",
    "time_zone": "Europe/Warsaw",
    "first_on": "2026-03-02",
    "minutes": "50",
    "agenda_hours": "12",
    "first_side": "marketing",
    "sales_facilitator": "",
    "marketing_facilitator": "",
}


def test_a_head_sets_up_changes_and_stops_a_series(client, at):
    head = make_user(Role.HEAD_OF_MARKETING)
    client.force_login(head)

    made = client.post(act("series-create"), PLAN)
    row = Series.objects.get()
    assert made["Location"] == act("meeting-list")
    assert next_of(row).starts_at == datetime(2026, 3, 5, 8, 30, tzinfo=UTC)
    assert (next_of(row).side, next_of(row).facilitator) == ("marketing", head)

    client.post(act("series-change", row.pk), PLAN | {"weekday": "4"})
    assert next_of(row).starts_at == datetime(2026, 3, 6, 8, 30, tzinfo=UTC)

    client.post(act("series-stop", row.pk))
    row.refresh_from_db()
    assert row.is_active is False

    client.post(act("series-resume", row.pk))
    row.refresh_from_db()
    assert row.is_active is True


def test_a_wrong_series_comes_back_with_what_is_wrong(client, at):
    make_series(at=at)
    client.force_login(make_user(Role.HEAD_OF_SALES))

    response = client.post(act("series-create"), PLAN | {"minutes": "3"})
    taken = client.post(act("series-create"), PLAN)

    assert (response.status_code, list(response.context_data["form"].errors)) == (
        422,
        ["minutes"],
    )
    assert (taken.status_code, list(taken.context_data["form"].errors)) == (
        422,
        ["name"],
    )
    assert Series.objects.count() == 1


def test_only_heads_and_operations_change_the_rhythm(client, sally, mark, lena, at):
    row = make_series(at=at)
    for person in (sally, mark, lena):
        client.force_login(person)
        assert client.get(act("series-create")).status_code == 403
        assert client.post(act("series-stop", row.pk)).status_code == 403


def test_a_held_meeting_follows_the_time_zone_of_its_reader(client, at):
    """10:00 in Bucharest is 9:00 in Warsaw."""
    meeting = make_meeting(at=at)
    client.force_login(make_user(time_zone="Europe/Warsaw"))

    response = client.get(detail(meeting))

    assert response.context_data["when"] == "tomorrow 09:00"


def test_hold_from_the_factory_is_what_the_page_does(client, sally, at):
    held = hold(make_meeting(at=at), by=sally)
    client.force_login(sally)

    assert client.get(detail(held)).context_data["meeting"].digest == held.digest
