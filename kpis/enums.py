from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from sla.enums import Mark


class Unit(TextChoices):
    """What a value is counted in; it also says how many places it is written with."""

    COUNT = "count", _("Count")
    RATIO = "ratio", _("Ratio")
    MONEY = "money", _("Money")
    DAYS = "days", _("Days")
    BUSINESS_MINUTES = "business_minutes", _("Business minutes")


class Direction(TextChoices):
    """Which way is better; neither for what only describes."""

    UP = "up", _("More is better")
    DOWN = "down", _("Less is better")
    NEITHER = "neither", _("Neither is better")


class Kind(TextChoices):
    """The three conversions, which answer three questions (domain, chapter 6)."""

    COHORT = "cohort", _("Cohort: of those who entered, who came further")
    PERIOD = "period", _("Period: entries after over entries before")
    ATTEMPT = "attempt", _("Attempt: of the rounds begun, which came further")


class Dimension(TextChoices):
    """By what a value can be split."""

    SOURCE = "source", _("Source")
    CAMPAIGN = "campaign", _("Campaign")
    SEGMENT = "segment", _("Segment")
    COUNTRY = "country", _("Country")
    OWNER = "owner", _("Owner")
    STAGE = "stage", _("Stage")


class Part(TextChoices):
    """Which of the records behind a value are meant."""

    ALL = "all", _("All that were counted")
    NUMERATOR = "numerator", _("Those above the line")
    DENOMINATOR = "denominator", _("Those below the line")


BESIDE = [*Mark.values, "history", "undecided", "refused", "there_now"]
"""Parts that stand beside a number: its integrity line, and what is not in it."""

PARTS = [*Part.values, *BESIDE]


class Section(TextChoices):
    """Where on a scorecard a value stands: the joint result first."""

    RESULT = "result", _("Joint result")
    PATH = "path", _("The path to it")
    PROMISES = "promises", _("Promises")
    COST = "cost", _("What it costs")
