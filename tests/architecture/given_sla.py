"""What addresses of agreement and calendars need: the parts of a path."""

from datetime import UTC, datetime

from foundation.documents.actions import versions
from sla.actions import previews
from sla.models import Agreement, Calendar
from tests.factories.definitions import head_of
from tests.factories.sla import make_draft, make_proposal, make_signed

NOW = datetime.now(UTC)


def an_agreement(caller):
    return {"pk": Agreement.objects.earliest("version").pk}


def a_calendar(caller):
    return {"pk": Calendar.objects.earliest("pk").pk}


def a_draft(caller):
    return {"pk": make_draft(at=NOW).pk}


def a_proposal(caller):
    """Both functions have a head, so leadership signs for neither."""
    head_of("sales")
    row = make_proposal(at=NOW)
    versions.comment(row, "Agreed.", by=head_of("marketing"), at=NOW)
    return {"pk": row.pk}


def two_versions(caller):
    one, other = make_signed(at=NOW), make_signed(at=NOW, title="Between us")
    return {"pk": other.pk, "other": one.pk}


def a_preview(caller):
    return {"pk": previews.ask(make_draft(at=NOW), by=None, at=NOW).pk}
