"""What fields, comparisons and touches are called, in lists and inside sentences."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from leads.domain.criteria.fields import Type
from leads.enums import TouchType

FIELDS: dict[str, Promise] = {
    "lead.source": pgettext_lazy("criterion", "source"),
    "lead.segment": pgettext_lazy("criterion", "segment"),
    "lead.country": pgettext_lazy("criterion", "country"),
    "lead.language": pgettext_lazy("criterion", "language"),
    "lead.job_title": pgettext_lazy("criterion", "job title"),
    "lead.first_name": pgettext_lazy("criterion", "first name"),
    "lead.last_name": pgettext_lazy("criterion", "last name"),
    "lead.email": pgettext_lazy("criterion", "e-mail address"),
    "lead.email_domain": pgettext_lazy("criterion", "domain of the e-mail address"),
    "lead.phone": pgettext_lazy("criterion", "phone number"),
    "lead.priority": pgettext_lazy("criterion", "priority"),
    "lead.campaign": pgettext_lazy("criterion", "campaign"),
    "lead.owner": pgettext_lazy("criterion", "owner"),
    "lead.do_not_contact": pgettext_lazy("criterion", "wish not to be contacted"),
    "lead.stage": pgettext_lazy("criterion", "stage"),
    "lead.stage_since_at": pgettext_lazy("criterion", "beginning of the stage"),
    "lead.created_at": pgettext_lazy("criterion", "creation of the lead"),
    "company.name": pgettext_lazy("criterion", "company name"),
    "company.domain": pgettext_lazy("criterion", "company domain"),
    "company.country": pgettext_lazy("criterion", "company country"),
    "company.segment": pgettext_lazy("criterion", "company segment"),
    "company.industry": pgettext_lazy("criterion", "industry"),
    "company.employees": pgettext_lazy("criterion", "company employees"),
    "company.created_at": pgettext_lazy("criterion", "creation of the company"),
}

_THERE: dict[str, Promise] = {
    "present": _("is known"),
    "missing": _("is not known"),
}
_TEXT: dict[str, Promise] = {
    "is": _("is"),
    "is_not": _("is not"),
    "in": _("is one of"),
    "not_in": _("is none of"),
    "contains": _("contains"),
    "starts_with": _("begins with"),
    "ends_with": _("ends with"),
    "is_free_mail": _("is at a free-mail provider"),
    **_THERE,
}
OPERATORS: dict[Type, Mapping[str, Promise]] = {
    Type.TEXT: _TEXT,
    Type.DOMAIN: _TEXT,
    Type.COUNTRY: _TEXT,
    Type.CHOICE: _TEXT,
    Type.REFERENCE: _TEXT,
    Type.FLAG: _TEXT,
    Type.NUMBER: {
        "is": _("is exactly"),
        "at_least": _("at least"),
        "at_most": _("at most"),
        "between": _("between"),
        **_THERE,
    },
    Type.DATE: {
        "on_or_after": _("on or after"),
        "before": _("before"),
        "within_days": _("in the last"),
        "older_than_days": _("longer ago than"),
        **_THERE,
    },
}
TOUCH_OPERATORS: dict[str, Promise] = {
    "at_least": _("at least"),
    "at_most": _("at most"),
    "last_within_days": _("last one at most … ago"),
    "last_before_days": _("last one more than … ago"),
}

TOUCHED: dict[str, Promise] = {
    TouchType.CALL: _("had a call"),
    TouchType.EMAIL: _("exchanged an e-mail"),
    TouchType.MEETING: _("had a meeting"),
    TouchType.MESSAGE: _("exchanged a message"),
    TouchType.VISIT: _("visited the website"),
    TouchType.FORM: _("filled in a form"),
    TouchType.DEMO_REQUEST: _("asked for a demo"),
    TouchType.DOWNLOAD: _("downloaded something"),
    TouchType.WEBINAR: _("came to a webinar"),
    TouchType.EVENT: _("came to a trade fair or event"),
    TouchType.CLICK: _("clicked"),
    TouchType.IMPRESSION: _("saw an ad"),
    TouchType.OTHER: _("had another touch"),
}
NEVER_TOUCHED: dict[str, Promise] = {
    TouchType.CALL: _("had no call"),
    TouchType.EMAIL: _("exchanged no e-mail"),
    TouchType.MEETING: _("had no meeting"),
    TouchType.MESSAGE: _("exchanged no message"),
    TouchType.VISIT: _("did not visit the website"),
    TouchType.FORM: _("filled in no form"),
    TouchType.DEMO_REQUEST: _("asked for no demo"),
    TouchType.DOWNLOAD: _("downloaded nothing"),
    TouchType.WEBINAR: _("came to no webinar"),
    TouchType.EVENT: _("came to no trade fair or event"),
    TouchType.CLICK: _("did not click"),
    TouchType.IMPRESSION: _("saw no ad"),
    TouchType.OTHER: _("had no other touch"),
}
ANY_TOUCH, NO_TOUCH = _("had a touch of any kind"), _("had no touch of any kind")
SOME_TOUCH, NO_SUCH_TOUCH = _("had a touch"), _("had no touch")
GROUPS: dict[str, Promise] = {
    "all": _("All of these"),
    "any": _("Any of these"),
    "none": _("None of these"),
    "not_all": _("Not all of these"),
}


def listed(label: Promise) -> str:
    """Write a label as it stands in a list: with a capital letter."""
    text = str(label)
    return text[:1].upper() + text[1:]
