from leads.models.attribute_change import AttributeChange
from leads.models.blind_review import BlindReview, Verdict
from leads.models.company import Company
from leads.models.dry_run import DryRun, DryRunLead
from leads.models.judged_day import JudgedDay
from leads.models.lead import Lead
from leads.models.note import Note
from leads.models.reason import Reason
from leads.models.second_chance import SecondChance
from leads.models.stage_change import StageChange
from leads.models.touchpoint import Touchpoint
from leads.models.turn import Turn
from leads.models.unjudged import Unjudged

__all__ = [
    "AttributeChange",
    "BlindReview",
    "Company",
    "DryRun",
    "DryRunLead",
    "JudgedDay",
    "Lead",
    "Note",
    "Reason",
    "SecondChance",
    "StageChange",
    "Touchpoint",
    "Turn",
    "Unjudged",
    "Verdict",
]
