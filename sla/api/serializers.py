from typing import Any

from rest_framework import serializers

from foundation.kernel.api.fields import Moment
from foundation.kernel.api.serializers import Record
from sla.domain.business_time import Cause
from sla.enums import (
    LEAD_CLOCKS,
    CancelledReason,
    ClauseKind,
    ClockState,
    DoneBy,
    PauseReason,
)

PROMISES = [(ClauseKind(kind).value, ClauseKind(kind).label) for kind in LEAD_CLOCKS]
_CAUSES = [cause.value for cause in Cause]


class ClockOut(Record):
    """One promise for one lead in one round.

    All seconds are business seconds, in the hours of whoever had the clock.
    ``due_at`` is shown to people, ``breach_at`` decides: by then it is in time.
    ``ended_at`` says in which period it counts. ``source`` to ``country`` are the
    lead's as it qualified.
    """

    id = serializers.IntegerField()
    lead = serializers.IntegerField(source="lead_id")
    round = serializers.IntegerField()
    promise = serializers.ChoiceField(PROMISES, source="kind")
    clause = serializers.IntegerField(source="clause_id")
    agreement = serializers.IntegerField(
        source="agreement_version", help_text="The version in force as it began."
    )
    target_seconds = serializers.IntegerField()
    calendar = serializers.IntegerField(source="calendar_id")
    owner = serializers.IntegerField(source="owner_id", allow_null=True)
    team = serializers.IntegerField(
        source="team_id", allow_null=True, help_text="The owner's."
    )
    state = serializers.ChoiceField(ClockState.choices)
    waiting = serializers.BooleanField(help_text="Somebody still waits.")
    history = serializers.BooleanField(
        help_text="Learned too late to act on; counted apart."
    )
    started_at = Moment()
    due_at = Moment()
    breach_at = Moment()
    flagged_at = Moment(
        allow_null=True, help_text="When its breach was flagged; null if never."
    )
    resumes_at = Moment(allow_null=True, help_text="When a pause ends.")
    done_at = Moment(allow_null=True)
    done_by = serializers.ChoiceField(DoneBy.choices)
    ended_at = Moment(allow_null=True)
    elapsed_seconds = serializers.IntegerField(allow_null=True)
    late_seconds = serializers.IntegerField(allow_null=True)
    cancelled_reason = serializers.ChoiceField(CancelledReason.choices)
    pauses = serializers.IntegerField()
    logged_late = serializers.BooleanField()
    self_reported = serializers.BooleanField()
    by_silence = serializers.BooleanField()
    by_hand = serializers.BooleanField()
    although_met = serializers.BooleanField()
    excepted = serializers.BooleanField(
        help_text="Left out by agreement of both sides."
    )
    source = serializers.CharField()  # type: ignore[assignment]
    campaign = serializers.IntegerField(source="campaign_id", allow_null=True)
    segment = serializers.CharField()
    country = serializers.CharField()


class StretchOut(serializers.Serializer[Any]):
    """Time of one cause, from ``starts_at`` until just before ``ends_at``."""

    starts_at = Moment()
    ends_at = Moment()
    cause = serializers.ChoiceField(_CAUSES)
    name = serializers.CharField(help_text="The holiday's or day off's.")
    seconds = serializers.IntegerField(help_text="Real seconds.")
    counted = serializers.BooleanField()
    to_come = serializers.BooleanField()


class HolderOut(serializers.Serializer[Any]):
    """Who had the clock, in whose hours; ``ends_at`` is the next hand-over."""

    owner = serializers.IntegerField(source="owner_id", allow_null=True)
    calendar = serializers.IntegerField(source="calendar.pk")
    starts_at = Moment()
    ends_at = Moment(allow_null=True)
    elapsed_seconds = serializers.IntegerField(source="seconds")
    stretches = StretchOut(source="lines", many=True)


class PauseOut(serializers.Serializer[Any]):
    reason = serializers.ChoiceField(PauseReason.choices)
    starts_at = Moment()
    until_at = Moment()
    ended_at = Moment(allow_null=True, help_text="If it ended earlier.")
    started_by = serializers.IntegerField(source="started_by_id")
    evidence = serializers.IntegerField(source="evidence_id", allow_null=True)


class ExplanationOut(serializers.Serializer[Any]):
    """How the time was counted, from the start until done, ended or due.

    The counted stretches of all holders that are not to come add up to
    ``elapsed_seconds``; past the due time what is later is in ``late_seconds``.
    """

    as_of = Moment()
    until_at = Moment()
    elapsed_seconds = serializers.IntegerField(source="elapsed")
    late_seconds = serializers.IntegerField(source="late", allow_null=True)
    holders = HolderOut(many=True)
    pauses = PauseOut(many=True)


class ClockDetailOut(ClockOut):
    explanation = ExplanationOut()
