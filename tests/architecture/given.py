"""What addresses of people, panel and base need: each returns the parts of a path."""

from datetime import UTC, datetime

from deals.actions import deals
from foundation.accounts.actions import invitations, people, tokens
from foundation.accounts.actions.invitations import Guest
from foundation.accounts.enums import Role
from foundation.accounts.models import Session
from foundation.accounts.sessions import SessionStore
from foundation.currencies.models import ExchangeRate
from foundation.jobs.enums import JobState
from foundation.jobs.models import Job
from foundation.ledger.models import Entry, Event
from leads.models import Reason, StageChange
from sla.models import Clock
from tests.factories.accounts import make_team, make_user
from tests.factories.leads import make_lead

NOW = datetime.now(UTC)


def a_session(caller):
    """One of the caller's own; of somebody else where nobody calls."""
    store = SessionStore()
    store["_auth_user_id"] = str((caller or make_user()).pk)
    store.create()
    store["_auth_user_id"] = str((caller or make_user()).pk)
    store.save()
    return {"mark": Session.objects.get(pk=store.session_key).mark}


def a_token(caller):
    program = make_user(Role.INTEGRATION, is_active=False)
    row, _ = tokens.create(
        owner=program, name="t", scopes=["me:read"], by=program, at=NOW
    )
    return {"pk": row.pk}


def an_invitation(caller):
    guest = Guest("guest@example.com", "Guest", Role.CUSTOMER_CARE)
    return {"pk": invitations.invite(guest, by=None, at=NOW).pk}


def a_link(caller):
    guest = Guest("guest@example.com", "Guest", Role.CUSTOMER_CARE)
    row = invitations.invite(guest, by=None, at=NOW)
    return {"link": invitations.link_of(row, at=NOW).rstrip("/").rpartition("/")[2]}


def a_reset_key(caller):
    return {"uidb36": "1", "key": "wrong"}


def a_rep(caller):
    return {"pk": make_user(Role.SALES_REP, team=make_team()).pk}


def a_stranger(caller):
    """Somebody who was let in once and is shut out."""
    person = make_user(Role.SALES_REP)
    people.disable(person, by=None, at=NOW)
    return {"pk": person.pk}


def a_team(caller):
    return {"pk": make_team().pk}


def an_entry(caller):
    an_invitation(caller)
    return {"pk": Entry.objects.latest("pk").pk}


def an_event(caller):
    an_invitation(caller)
    return {"pk": Event.objects.latest("pk").pk}


def a_dead_job(caller):
    return _a_job(JobState.DEAD)


def a_waiting_job(caller):
    return _a_job(JobState.READY)


def _a_job(state):
    row = Job.objects.create(kind="jobs.purge", state=state, due_at=NOW, created_at=NOW)
    return {"pk": row.pk}


def a_rate(caller):
    row = ExchangeRate.objects.create(currency="RON", day=NOW.date(), rate="4.97")
    return {"pk": row.pk}


def a_lead(caller):
    return {"pk": make_lead(stage="mql").pk}


def a_lead_of_another_system(caller):
    lead = make_lead(external_system="crm", external_id="7")
    return {"system": lead.external_system, "external_id": lead.external_id}


def a_stage_change(caller):
    make_lead(stage="mql")
    return {"pk": StageChange.objects.latest("pk").pk}


def a_clock(caller):
    make_lead(stage="mql")
    return {"pk": Clock.objects.latest("pk").pk}


def a_deal(caller):
    facts = deals.DealFacts(lead_id=make_lead().pk, values={"name": "Pilot"})
    return {"pk": deals.save(facts, by=None, at=NOW).deal_id}


def a_reason(caller):
    return {"pk": Reason.objects.get(kind="refuse", code="no_budget").pk}
