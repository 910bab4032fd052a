from typing import Any

from rest_framework import serializers

from foundation.jobs.enums import JobState
from foundation.kernel.api.fields import Moment
from foundation.kernel.api.serializers import Body
from foundation.kernel.periods import DAY
from kpis.domain.dry_runs import Group, Reach
from leads.enums import Outcome
from leads.models import DryRun


class DryRunBody(Body):
    """The window, both days included."""

    first_on = serializers.DateField()
    last_on = serializers.DateField()


class DryRunCancellationBody(Body):
    """Nothing more has to be said."""


class DryRunOut(serializers.Serializer[DryRun]):
    """A version of a definition tried out on the past, and how far that is."""

    id = serializers.IntegerField()
    url = serializers.HyperlinkedIdentityField(view_name="api:dry-run")
    definition = serializers.IntegerField(source="version_id")
    revision = serializers.IntegerField(help_text="Of the draft, as it was asked for.")
    first_on = serializers.DateField()
    last_on = serializers.SerializerMethodField()
    state = serializers.ChoiceField(JobState.choices)
    done = serializers.IntegerField(source="job.done_steps", default=0)
    total = serializers.IntegerField(source="job.all_steps", default=0)
    judged = serializers.IntegerField(source="results.judged", default=None)
    asked_by = serializers.IntegerField(source="asked_by_id", allow_null=True)
    asked_at = Moment()
    finished_at = Moment(allow_null=True)

    def get_last_on(self, run: DryRun) -> str:
        return str(run.end_on - DAY)


class ReachOut(serializers.Serializer[Reach]):
    """How many of a group came so far, as a share of the group."""

    reached = serializers.IntegerField()
    n = serializers.IntegerField()
    value = serializers.DecimalField(11, 10, allow_null=True)
    low = serializers.DecimalField(11, 10, source="interval.low", default=None)
    high = serializers.DecimalField(11, 10, source="interval.high", default=None)
    small_sample = serializers.BooleanField(source="small")
    mature = serializers.BooleanField()
    waiting = serializers.IntegerField(
        help_text="Customers whose months have not passed."
    )


class GroupOut(serializers.Serializer[Group]):
    """A group, or its leads of one source; ``source`` is null for all of it."""

    group = serializers.ChoiceField(Outcome.choices, source="outcome")
    source = serializers.CharField(allow_null=True)  # type: ignore[assignment]
    n = serializers.IntegerField()
    sql = ReachOut(source="reach.sql")
    opportunity = ReachOut(source="reach.opportunity")
    customer = ReachOut(source="reach.customer")
    active_3m = ReachOut(source="reach.active_3m")
    active_12m = ReachOut(source="reach.active_12m")


class DryRunDetailOut(DryRunOut):
    """With its groups, and what became of their leads until now.

    What the newly qualifying did they did anyway, without being treated as qualified.
    """

    groups = serializers.SerializerMethodField()

    def get_groups(self, run: DryRun) -> list[dict[str, Any]]:
        return [dict(GroupOut(group).data) for group in self.context["groups"]]


class DryRunLeadOut(serializers.Serializer[Any]):
    """A lead of a group, and when it was judged."""

    id = serializers.IntegerField(source="pk")
    judged_at = Moment()
