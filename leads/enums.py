from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Stage(TextChoices):
    """Where a lead is on its path; the first six are in order, then the exits."""

    LEAD = "lead", _("Lead")
    MQL = "mql", _("MQL")
    SAL = "sal", _("SAL")
    SQL = "sql", _("SQL")
    OPPORTUNITY = "opportunity", _("Opportunity")
    CUSTOMER = "customer", _("Customer")
    RECYCLED = "recycled", _("Recycled")
    DISQUALIFIED = "disqualified", _("Disqualified")
    LOST = "lost", _("Lost")


class Cause(TextChoices):
    """What made a stage change happen."""

    CREATED = "created", _("Created")
    HAND = "hand", _("By hand")
    DEFINITION = "definition", _("Criteria met")
    RETURNED = "returned", _("Came back from nurture")
    ACCEPTED = "accepted", _("Accepted by sales")
    SILENCE = "silence", _("Accepted by silence")
    REFUSED = "refused", _("Refused by sales")
    DEAL = "deal", _("Deal")
    IMPORT = "import", _("Loaded from a file")
    API = "api", _("API")
    CORRECTION = "correction", _("Correction")


class Exclusion(TextChoices):
    """Why a record is left out of the numbers and shown apart."""

    NONE = "", _("Counts")
    TEST = "test", _("Test record")
    SPAM = "spam", _("Spam")
    EXISTING_CUSTOMER = "existing", _("Person of an existing customer")
    MERGED = "merged", _("Merged into another lead")
    WITHDRAWN = "withdrawn", _("Withdrawn with its load")


class TouchType(TextChoices):
    CALL = "call", _("Call")
    EMAIL = "email", _("E-mail")
    MEETING = "meeting", _("Meeting")
    MESSAGE = "message", _("Message")
    VISIT = "visit", _("Website visit")
    FORM = "form", _("Form")
    DEMO_REQUEST = "demo_request", _("Demo request")
    DOWNLOAD = "download", _("Download")
    WEBINAR = "webinar", _("Webinar")
    EVENT = "event", _("Trade fair or event")
    CLICK = "click", _("Click")
    IMPRESSION = "impression", _("Impression")
    OTHER = "other", _("Other")


class Direction(TextChoices):
    INBOUND = "inbound", _("From the lead")
    OUTBOUND = "outbound", _("From us")


class Proof(TextChoices):
    """How we know that a touch took place."""

    SELF_REPORTED = "self_reported", _("Self-reported")
    EMAIL_ID = "email_id", _("E-mail on record")
    CALL_RECORD = "call_record", _("Call on record")
    CALENDAR = "calendar", _("Calendar entry")
    SYSTEM = "system", _("Recorded by a system")


class ReasonKind(TextChoices):
    REFUSE = "refuse", _("Sending back to nurture")
    DISQUALIFY = "disqualify", _("Disqualifying")
    LOSE = "lose", _("Losing an opportunity")
    BY_HAND = "by_hand", _("Qualifying by hand")
    CORRECT = "correct", _("Correcting a record")


class Outcome(TextChoices):
    """What a definition would have changed for a lead."""

    SAME = "same", _("Qualify under both")
    NO_LONGER = "no_longer", _("No longer qualify")
    NEWLY = "newly", _("Newly qualify")
