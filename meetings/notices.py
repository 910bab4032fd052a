"""Who is told that an agenda is ready, and in what words."""

from collections.abc import Iterator, Mapping, Sequence

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from foundation.accounts.enums import Function, Role
from foundation.accounts.queries.people import Heads
from foundation.notifications.domain.registry import (
    About,
    Happened,
    Kind,
    Telling,
    Words,
    kind,
    tells,
)
from meetings.models import Meeting

AGENDA = "meetings.agenda"


@tells("meetings.agenda.written")
def agenda_ready(events: Sequence[Happened]) -> Iterator[Telling]:
    """Tell both heads and who leads the meeting, once, when the agenda first stands."""
    meetings = Meeting.objects.in_bulk({event.subject for event in events})
    heads = Heads()
    both = {pk for function in Function for pk in heads.of(function)}
    for event in events:
        meeting = meetings[event.subject]
        people = both | {meeting.facilitator_id or 0}
        if meeting.ended_at is None or meeting.ended_at > event.at:
            for person in sorted(people - {0, event.actor or 0}):
                subject = ("meetings.meeting", meeting.pk)
                yield Telling(person, AGENDA, meeting.pk, subject, event.at)


def _read(rows: Sequence[About]) -> Mapping[int, Words]:
    found = Meeting.objects.select_related("series").in_bulk(
        {row.subject for row in rows}
    )
    return {
        row.id: Words(
            _("The agenda of “%(meeting)s” is ready")
            % {"meeting": meeting.series.name},
            _("It begins %(moment)s.") % {"moment": _moment(meeting)},
            reverse("meetings:meeting-detail", args=[meeting.pk]),
        )
        for row in rows
        if (meeting := found.get(row.subject)) is not None
    }


def _moment(meeting: Meeting) -> str:
    return date_format(timezone.localtime(meeting.starts_at), "SHORT_DATETIME_FORMAT")


def _count(n: int) -> str:
    return ngettext("%(n)s agenda is ready", "%(n)s agendas are ready", n) % {"n": n}


kind(
    Kind(
        AGENDA,
        gettext_lazy("The agenda of a meeting is ready"),
        _count,
        _read,
        set(Role) - {Role.INTEGRATION},
    )
)
