"""The weekly meetings of the example company's last weeks, with what came of them."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from foundation.accounts.enums import Role
from foundation.accounts.models import User
from integrations.example import setting
from meetings.actions import agenda, followups, meetings, records, series
from meetings.domain.plan import Plan
from meetings.enums import ItemKind, ItemState
from meetings.models import Action, AgendaItem, Meeting

WEEKS_BACK = timedelta(weeks=4)
_SATURDAY = 5


@dataclass(frozen=True)
class Talk:
    """What is said about one item: who agrees to what, and is it done after days."""

    kind: ItemKind
    note: str
    decision: str = ""
    help_kpi: str = ""
    action: str = ""
    owner: Role = Role.HEAD_OF_SALES
    done_after: int | None = None


TALKS = [
    [
        Talk(
            ItemKind.BOTTLENECK,
            "Marketing does not hear why leads come back. Sales does not know which "
            "campaign promised what.",
            decision="Every refusal names its reason, and marketing answers each week",
            help_kpi="mql_to_sal",
            action="Show both teams how a lead is refused with a reason",
            done_after=4,
        ),
        Talk(
            ItemKind.PROMISES,
            "Most late first contacts are of leads that came in after four.",
            action="Agree who calls when somebody is away",
            owner=Role.HEAD_OF_SALES,
        ),
    ],
    [
        Talk(
            ItemKind.RESULT,
            "New revenue is where we said; retention holds.",
            action="Send the offer of the spring webinar to customers as well",
            owner=Role.HEAD_OF_MARKETING,
            done_after=6,
        ),
        Talk(
            ItemKind.PROMISES,
            "Trade fair leads arrive in one heap on the Monday after.",
            decision="Trade fair leads are handed over day by day",
            help_kpi="speed_to_lead",
            action="Hand over the leads of the Poznań fair in three parts",
            owner=Role.HEAD_OF_MARKETING,
        ),
    ],
    [
        Talk(
            ItemKind.RESULT,
            "Two customers of the retail segment left; both had asked for the report.",
            action="Call the five customers who asked for the report",
            owner=Role.CUSTOMER_CARE,
        ),
        Talk(
            ItemKind.PROMISES,
            "Better than last week; Warsaw is fastest before noon.",
            decision="Demo requests are called first",
            help_kpi="mql_to_sal",
            action="Put demo requests on top of the queue",
            owner=Role.REVENUE_OPERATIONS,
            done_after=2,
        ),
    ],
]
"""What was said in the meetings, the first first; further ones take these in turn."""


class Room:
    """Where both teams meet once a week."""

    def __init__(self, *, end: datetime) -> None:
        self.end = end
        self.held = 0
        self.people: dict[str, User] = {}
        self.meeting: Meeting | None = None

    def week_ends(self, moment: datetime) -> None:
        """Hold the meeting of the week that begins, if it is one of the last weeks."""
        if moment < self.end - WEEKS_BACK:
            return
        if self.meeting is None:
            self._set_up(moment)
        meeting = self._coming()
        if meeting.starts_at + timedelta(hours=1) < self.end:
            self._hold(meeting, TALKS[self.held % len(TALKS)])
            self.held += 1

    def _set_up(self, moment: datetime) -> None:
        rows = User.objects.filter(is_active=True).order_by("-pk")
        self.people = {row.role: row for row in rows}
        day = moment.astimezone(ZoneInfo("Europe/Bucharest")).date()
        while day.weekday() >= _SATURDAY:
            day += timedelta(days=1)
        plan = Plan(
            "Sales and marketing",
            day.weekday(),
            time(10),
            setting.TIME_ZONES["RO"],
            first_on=day,
            sales_facilitator=self.people[Role.HEAD_OF_SALES],
            marketing_facilitator=self.people[Role.HEAD_OF_MARKETING],
        )
        row = series.create(plan, by=self.people[Role.HEAD_OF_SALES], at=moment)
        self.meeting = row.meetings.get()

    def _coming(self) -> Meeting:
        assert self.meeting is not None  # noqa: S101 -- set up before
        return self.meeting.series.meetings.latest("starts_at")

    def _hold(self, meeting: Meeting, talks: list[Talk]) -> None:
        chair, at = meeting.facilitator, meeting.starts_at
        assert chair is not None  # noqa: S101 -- both sides have one
        meetings.start(meeting, by=chair, at=at)
        moment = at
        for minute, item in enumerate(meeting.items.order_by("place"), 1):
            moment = at + timedelta(minutes=6 * minute)
            for talk in talks:
                if talk.kind == item.kind:
                    self._say(item, talk, by=chair, at=moment - timedelta(minutes=2))
            agenda.settle(item, ItemState.DISCUSSED, by=chair, at=moment)
        meetings.end(meeting, by=chair, at=moment + timedelta(minutes=1))

    def _say(self, item: AgendaItem, talk: Talk, *, by: User, at: datetime) -> None:
        day = at.date()
        records.write_note(item, talk.note, by=by, at=at)
        if talk.decision:
            check_on = day + timedelta(weeks=2)
            records.decide(
                item,
                talk.decision,
                by=by,
                at=at,
                help_by=check_on,
                help_kpi=talk.help_kpi,
            )
        if talk.action:
            owner, due_on = self.people[talk.owner], day + timedelta(days=10)
            action = records.agree(
                item, talk.action, owner=owner, due_on=due_on, by=by, at=at
            )
            self._follow_up(action, talk, at=at)

    def _follow_up(self, action: Action, talk: Talk, *, at: datetime) -> None:
        """Tick off what is done by the end of the story."""
        if talk.done_after is not None:
            done_at = at + timedelta(days=talk.done_after)
            if done_at < self.end:
                followups.finish(action, by=action.owner, at=done_at)
