from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _


class Weekday(IntegerChoices):
    """As Python counts them."""

    MONDAY = 0, _("Monday")
    TUESDAY = 1, _("Tuesday")
    WEDNESDAY = 2, _("Wednesday")
    THURSDAY = 3, _("Thursday")
    FRIDAY = 4, _("Friday")
    SATURDAY = 5, _("Saturday")
    SUNDAY = 6, _("Sunday")


class Weeks(IntegerChoices):
    WEEKLY = 1, _("Every week")
    TWO_WEEKLY = 2, _("Every second week")


class MeetingState(TextChoices):
    PLANNED = "planned", _("Planned")
    AGENDA_WRITTEN = "agenda_written", _("Agenda written")
    RUNNING = "running", _("Running")
    HELD = "held", _("Held")
    SKIPPED = "skipped", _("Did not take place")


UPCOMING = (MeetingState.PLANNED, MeetingState.AGENDA_WRITTEN)
OPEN = (*UPCOMING, MeetingState.RUNNING)
CLOSED = (MeetingState.HELD, MeetingState.SKIPPED)


class ItemKind(TextChoices):
    """What an agenda item is about; all but topics are written from the records."""

    RESULT = "result", _("Joint result")
    MOVED = "moved", _("What moved most")
    BOTTLENECK = "bottleneck", _("Bottleneck")
    PROMISES = "promises", _("Promises of both sides")
    HELPED = "helped", _("Did it help?")
    DOCUMENTS = "documents", _("Documents to sign or review")
    TOPIC = "topic", _("Topic")
    ACTIONS = "actions", _("Open actions")


class ItemSource(TextChoices):
    MACHINE = "machine", _("Written from the records")
    PERSON = "person", _("Added by a person")


class ItemState(TextChoices):
    OPEN = "open", _("Open")
    DISCUSSED = "discussed", _("Discussed")
    PARKED = "parked", _("Parked for the next meeting")


class ActionState(TextChoices):
    OPEN = "open", _("Open")
    DONE = "done", _("Done")
    DROPPED = "dropped", _("Dropped")
