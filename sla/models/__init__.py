from sla.models.agreement import Agreement, Clause
from sla.models.breach import Breach
from sla.models.calendar import Calendar
from sla.models.clock import Clock, ClockVersion
from sla.models.escalation import Escalation
from sla.models.excuse import Excuse
from sla.models.pause import Pause
from sla.models.preview import Preview, PreviewClock
from sla.models.recount import Recount
from sla.models.segment import Segment

__all__ = [
    "Agreement",
    "Breach",
    "Calendar",
    "Clause",
    "Clock",
    "ClockVersion",
    "Escalation",
    "Excuse",
    "Pause",
    "Preview",
    "PreviewClock",
    "Recount",
    "Segment",
]
