from meetings.models.action import Action, ActionChange
from meetings.models.decision import Decision
from meetings.models.item import AgendaItem
from meetings.models.meeting import Meeting
from meetings.models.note import Note
from meetings.models.series import Series

__all__ = [
    "Action",
    "ActionChange",
    "AgendaItem",
    "Decision",
    "Meeting",
    "Note",
    "Series",
]
