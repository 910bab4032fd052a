from datetime import UTC, datetime, timedelta
from itertools import count

from leads.actions import leads, stages
from leads.actions.leads import NewLead
from leads.enums import Stage
from leads.models import Company, Lead

_number = count(1)
CREATED_AT = datetime(2026, 3, 2, 8, tzinfo=UTC)


def make_company(**fields) -> Company:
    fields.setdefault("name", f"Company {next(_number)}")
    return Company.objects.create(**{"created_at": CREATED_AT, **fields})


def make_lead(*, created_at: datetime = CREATED_AT, at=None, by=None, **values) -> Lead:
    """Create a lead as the product does; ``stage`` takes it there at creation.

    Its address is a free-mail one, so that it belongs to no company.
    """
    number = next(_number)
    stage = values.pop("stage", Stage.LEAD)
    stage_at = values.pop("stage_at", None)
    values.setdefault("email", f"lead{number}@mail.com")
    values.setdefault("first_name", "Ana")
    values.setdefault("last_name", f"Lead {number}")
    new = NewLead(values, created_at=created_at, stage=stage, stage_at=stage_at)
    return leads.create(new, by=by, at=at or created_at + timedelta(minutes=1))


def move(lead: Lead, to: str, when: datetime, *, by=None, at=None, **fields) -> str:
    """Move a lead and return the result's code."""
    wish = stages.Advance(lead.pk, to, when, **fields)
    return stages.advance_many([wish], by=by, at=at or when)[0].code
