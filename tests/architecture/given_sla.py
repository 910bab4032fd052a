"""What addresses of agreement and calendars need: the parts of a path."""

from sla.models import Agreement, Calendar


def an_agreement(caller):
    return {"pk": Agreement.objects.earliest("version").pk}


def a_calendar(caller):
    return {"pk": Calendar.objects.earliest("pk").pk}
