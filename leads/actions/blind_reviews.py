"""Test the definition, not the people: both teams judge ten leads a week apart."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.db import connection
from django.utils.translation import gettext as _

from foundation.accounts.models import User
from foundation.accounts.queries import workspace
from foundation.documents.actions import versions
from foundation.documents.models import Version
from foundation.kernel.errors import DomainError, Forbidden
from foundation.ledger import actions as ledger
from leads.actions import definitions as writing
from leads.domain.criteria.judging import evaluate
from leads.domain.criteria.nearness import distance
from leads.domain.drawing import draw
from leads.enums import Stage
from leads.models import BlindReview, Verdict
from leads.queries import blind_reviews, definitions
from leads.queries.facts import facts_of

TEN = 10
FRESH = timedelta(days=28)
LOOKED_AT = 2_000
LONGEST_WHY = 300
_LOCK = 4_207_041


class NotAJudge(Forbidden):
    """Sales and marketing judge; nobody else does."""

    code = "not_a_judge"


class JudgedAlready(DomainError):
    """Somebody of the team has judged this lead; the first word stands."""

    code = "judged_already"


class NothingToPropose(DomainError):
    """The teams judged every lead alike, or there is no definition in force."""

    code = "nothing_to_propose"


_FRESH = """
    SELECT l.id FROM leads_lead l
    WHERE l.exclusion = '' AND l.stage IN ('lead', 'mql') AND (
        l.created_at >= %(since)s OR l.stage_since_at >= %(since)s OR EXISTS (
            SELECT FROM leads_touchpoint t WHERE t.lead_id = l.id AND t.in_force
                AND t.direction = 'inbound' AND t.occurred_at >= %(since)s))
        AND NOT EXISTS (SELECT FROM leads_blindreview r WHERE r.lead_id = l.id)
    ORDER BY l.id DESC LIMIT %(most)s
"""


def draw_week(*, at: datetime) -> list[BlindReview]:
    """Draw the ten leads of this week, nearest to the line; once a week.

    Of the newest leads that something happened to in four weeks and that were never
    drawn, five of those that meet the definition and five of those that do not, as far
    as there are any; ties are broken by a draw that can be done again. Without a
    definition nobody is drawn. Repeating it changes nothing.
    """
    held = definitions.in_force(Stage.MQL, at=at)
    zone = workspace.zone()
    week = blind_reviews.week_of(at, zone)
    if held is None or BlindReview.objects.filter(week=week).exists():
        return []
    with ledger.entry(by=None, at=at, cause="blind-review") as entry:
        _turn()
        if BlindReview.objects.filter(week=week).exists():
            return []
        near = _nearest(held, week, at=at)
        rows = BlindReview.objects.bulk_create(
            BlindReview(
                week=week,
                place=place,
                lead_id=pk,
                definition=held.version,
                met=met,
                drawn_at=at,
                entry_id=entry.pk,
            )
            for place, (pk, met) in enumerate(near, 1)
        )
        entry.record_many(
            "leads.review.drawn", ((("leads.lead", row.lead_id), {}) for row in rows)
        )
    return rows


def _turn() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


def _nearest(
    held: definitions.Definition, week: date, *, at: datetime
) -> list[tuple[int, bool]]:
    with connection.cursor() as cursor:
        cursor.execute(_FRESH, {"since": at - FRESH, "most": LOOKED_AT})
        ids = [pk for (pk,) in cursor.fetchall()]
    days = definitions.days_of(held.criteria, at)
    sides: dict[bool, list[tuple[int, object, int]]] = {True: [], False: []}
    for pk, facts in facts_of(ids).items():
        judged = evaluate(held.criteria, facts, days)
        tie = draw("blind-review", held.version.digest, week.isoformat(), pk)
        sides[judged.met].append((distance(judged), tie, pk))
    ranked = {met: sorted(found) for met, found in sides.items()}
    return _mixed(ranked, week)


def _mixed(
    ranked: dict[bool, list[tuple[int, object, int]]], week: date
) -> list[tuple[int, bool]]:
    """Take the nearest of both sides, five of each where there are, in mixed order."""
    half = TEN // 2
    few = {met: min(len(found), half) for met, found in ranked.items()}
    chosen = [
        (pk, met)
        for met, found in ranked.items()
        for *_rest, pk in found[: TEN - few[not met]]
    ]
    return sorted(chosen, key=lambda each: draw("place", week.isoformat(), each[0]))


def judge(
    review: BlindReview, *, qualified: bool, why: str = "", by: User, at: datetime
) -> Verdict:
    """Say whether a drawn lead is qualified, for one's own team.

    Saying the same again changes nothing.

    Raises:
        NotAJudge: the person belongs to neither team.
        JudgedAlready: the team has said something already.
    """
    if by.function is None:
        raise NotAJudge(_("Sales and marketing judge these leads."))
    with ledger.entry(by=by, at=at, cause="blind-review") as entry:
        BlindReview.objects.select_for_update().get(pk=review.pk)
        said = Verdict.objects.filter(review=review, function=by.function).first()
        if said is not None:
            if (said.given_by_id, said.qualified) == (by.pk, qualified):
                return said
            raise JudgedAlready(_("Your team has judged this lead already."))
        row = Verdict.objects.create(
            review=review,
            function=by.function,
            given_by=by,
            qualified=qualified,
            why=why.strip()[:LONGEST_WHY],
            given_at=at,
            entry_id=entry.pk,
        )
        entry.record(
            "leads.review.judged",
            subject=("leads.review", review.pk),
            data={"function": str(by.function)},
        )
    return row


def propose(*, by: User, at: datetime) -> Version:
    """Draft the next version of the MQL definition from what the teams judged apart.

    The draft is a copy of the version in force; each lead that was judged differently
    in the last weeks stands below it as a comment, with what each team said.

    Raises:
        NothingToPropose: there is no such lead, or no definition in force.
    """
    held = definitions.in_force(Stage.MQL, at=at)
    week = blind_reviews.week_of(at, workspace.zone())
    weeks = blind_reviews.last_weeks(week)
    apart = blind_reviews.disagreements(weeks=weeks)
    if held is None or not apart:
        raise NothingToPropose(_("Both teams judged every lead alike."))
    new = writing.written(held.version)
    with ledger.entry(by=by, at=at, cause="blind-review"):
        row = writing.draft(Stage.MQL, new, by=by, at=at)
        for review in apart:
            versions.comment(row, _told(review), by=by, at=at)
    return row


def _told(review: BlindReview) -> str:
    lines = [
        _("Lead %(lead)s was judged differently in the week of %(week)s.")
        % {"lead": f"#{review.lead_id}", "week": review.week.isoformat()},
        *map(_said, _by_function(review)),
    ]
    return "\n".join(lines)


def _by_function(review: BlindReview) -> Sequence[Verdict]:
    return sorted(review.verdicts.all(), key=lambda verdict: verdict.function)


def _said(verdict: Verdict) -> str:
    word = _("qualified") if verdict.qualified else _("not qualified")
    team = verdict.get_function_display()
    return f"{team}: {word}" + (f" — {verdict.why}" if verdict.why else "")
