from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class ClauseKind(TextChoices):
    """What can be promised. Acceptance and first response run clocks on leads."""

    ACCEPTANCE = "acceptance", _("Accept or refuse")
    FIRST_RESPONSE = "first_response", _("First contact")
    FOLLOW_UP = "follow_up", _("Depth of follow-up")
    DISPOSITION = "disposition", _("Take further or give back")
    VOLUME = "volume", _("Number of qualified leads")
    FLOW = "flow", _("Steady flow")
    QUALITY = "quality", _("Quality of leads")
    COMPLETENESS = "completeness", _("Complete records")
    ANSWER = "answer", _("Answer to feedback and requests")
    DECISION = "decision", _("Decision on open questions")
    KEEPING = "keeping", _("Keeping customers")


LEAD_CLOCKS = (ClauseKind.ACCEPTANCE, ClauseKind.FIRST_RESPONSE)


class Side(TextChoices):
    """Who a clause binds."""

    SALES = "sales", _("Sales")
    MARKETING = "marketing", _("Marketing")
    BOTH = "both", _("Both")
    LEADERSHIP = "leadership", _("Leadership")


BINDS = {
    ClauseKind.ACCEPTANCE: Side.SALES,
    ClauseKind.FIRST_RESPONSE: Side.SALES,
    ClauseKind.FOLLOW_UP: Side.SALES,
    ClauseKind.DISPOSITION: Side.SALES,
    ClauseKind.VOLUME: Side.MARKETING,
    ClauseKind.FLOW: Side.MARKETING,
    ClauseKind.QUALITY: Side.MARKETING,
    ClauseKind.COMPLETENESS: Side.MARKETING,
    ClauseKind.ANSWER: Side.BOTH,
    ClauseKind.DECISION: Side.LEADERSHIP,
    ClauseKind.KEEPING: Side.BOTH,
}
"""Whom each kind of clause binds (domain §5)."""


class ClockState(TextChoices):
    RUNNING = "running", _("Running")
    PAUSED = "paused", _("Paused")
    MET = "met", _("In time")
    BREACHED = "breached", _("Past the agreed time")
    CANCELLED = "cancelled", _("Cancelled")


class DoneBy(TextChoices):
    """What was done about a promise, in time or late."""

    NOTHING = "", _("Nothing yet")
    ACCEPTED = "accepted", _("Accepted")
    RECYCLED = "recycled", _("Sent back to nurture")
    DISQUALIFIED = "disqualified", _("Disqualified")
    TOUCH = "touch", _("Contacted")
    EARLIER_TOUCH = "earlier_touch", _("Contacted before it qualified")


class CancelledReason(TextChoices):
    """Why there is nothing left to promise. The first ones happened to the lead."""

    NONE = "", _("Not cancelled")
    RECYCLED = "recycled", _("Sent back to nurture")
    DISQUALIFIED = "disqualified", _("Disqualified")
    LOST = "lost", _("Lost")
    CUSTOMER = "customer", _("Became a customer")
    IMPLIED = "implied", _("Went on without a decision")
    DO_NOT_CONTACT = "do_not_contact", _("Must not be contacted")
    TEST = "test", _("Test record")
    SPAM = "spam", _("Spam")
    EXISTING_CUSTOMER = "existing", _("Person of an existing customer")
    MERGED = "merged", _("Merged into another lead")
    WITHDRAWN = "withdrawn", _("Withdrawn with its load")
    CORRECTED = "corrected", _("Never qualified, after a correction")


class ExceptionReason(TextChoices):
    """Why both sides may agree not to count a case."""

    OUTAGE = "outage", _("A system was out of order")
    WRONG_DATA = "wrong_data", _("The lead's data were wrong")
    OUT_OF_TERRITORY = "out_of_territory", _("Out of territory")
    LOGGED_LATE = "logged_late", _("Done in time, recorded late")


class ExcuseState(TextChoices):
    PROPOSED = "proposed", _("Waiting for the other side")
    AGREED = "agreed", _("Agreed")
    DECLINED = "declined", _("Not agreed")


class PauseReason(TextChoices):
    """The signed reasons for which a clock may stand still."""

    LEAD_ASKED = "lead_asked", _("The lead asked to be contacted later")
    WAITING_FOR_MARKETING = "marketing", _("Marketing owes an answer")
    WRONG_DATA = "wrong_data", _("Contact data are being put right")


class Outcome(TextChoices):
    """How a case counts in a period."""

    NONE = "", _("Not counted")
    MET = "met", _("In time")
    BREACHED = "breached", _("Past the agreed time")


class EscalationStep(TextChoices):
    """Who hears of a breach, one after the other."""

    OWNER = "owner", _("whoever has the lead")
    HEAD = "head", _("the head of the side that promised")
    LEADERSHIP = "leadership", _("leadership")


class Mark(TextChoices):
    """What the integrity line under a promise counts, in the order it is shown."""

    SELF_REPORTED = "self_reported", _("self-reported only")
    LOGGED_LATE = "logged_late", _("recorded late")
    PAUSED = "paused", _("paused")
    CANCELLED = "cancelled", _("cancelled")
    EXCEPTED = "excepted", _("agreed exceptions")
    BY_SILENCE = "by_silence", _("by silence")
    BY_HAND = "by_hand", _("qualified by hand")
    IMPLIED = "implied", _("went on without a decision")
    ALTHOUGH_MET = "although_met", _("refused although all criteria were met")
    NEAR_DEADLINE = "near_deadline", _("sent back within a day of the deadline")
