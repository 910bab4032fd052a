"""Who is told that a document waits, is signed, or will not be."""

import pytest

from foundation.accounts.enums import Role
from foundation.documents.actions import versions
from foundation.documents.actions.versions import Text
from foundation.notifications.models import Notice
from foundation.notifications.queries.notices import in_words
from leads.actions import definitions
from leads.enums import Stage
from tests.factories.accounts import make_user
from tests.factories.notices import follow_all, told

pytestmark = pytest.mark.django_db
CRITERIA = {"rules": {"all": [{"field": "lead.email", "op": "present"}]}}


@pytest.fixture
def sara(db):
    return make_user(Role.HEAD_OF_SALES, name="Sara Sales")


@pytest.fixture
def mona(db):
    return make_user(Role.HEAD_OF_MARKETING, name="Mona Marketing")


@pytest.fixture
def rita(db):
    return make_user(Role.REVENUE_OPERATIONS, name="Rita Revenue")


@pytest.fixture
def proposed(sara, mona, rita, lena, at):
    """Drafted by revenue operations, proposed by the head of marketing."""
    draft = definitions.Draft("What an MQL is", criteria=CRITERIA)
    row = definitions.draft(Stage.MQL, draft, by=rita, at=at)
    return versions.propose(row, by=mona, at=at)


def words(person):
    rows = list(Notice.objects.filter(recipient=person).order_by("pk"))
    return [each.words for each in in_words(rows)]


def test_a_proposal_is_told_to_who_else_signs(at, proposed, sara, mona, rita, lena):
    deputy = make_user(deputy_for="sales")
    follow_all(at)

    assert told(sara) == told(deputy) == [("documents.to_sign", proposed.pk)]
    assert told(mona) == told(rita) == told(lena) == []
    page = f"/definitions/{proposed.pk}/"
    assert words(sara) == [("“What an MQL is” waits for your signature", "", page)]


def test_without_a_head_leadership_is_asked(at, proposed, sara, lena):
    sara.is_active = False
    sara.save()
    follow_all(at)

    assert told() == [("documents.to_sign", proposed.pk)]
    assert told(lena) == told()


def test_signed_by_both_tells_the_others_and_who_drafted(
    at, proposed, sara, mona, rita
):
    follow_all(at)
    versions.sign(proposed, digest=proposed.digest, by=mona, at=at)
    follow_all(at)
    assert told(kind="documents.signed") == []

    versions.sign(proposed, digest=proposed.digest, by=sara, at=at)
    follow_all(at)

    assert told(mona) == told(rita) == [("documents.signed", proposed.pk)]
    assert told(sara) == [("documents.to_sign", proposed.pk)]
    assert words(rita)[0].title == "“What an MQL is” is signed by both sides"
    assert words(rita)[0].note.startswith("It holds from 2 Mar 2026")


def test_rejected_tells_why_where_it_is_read_and_not_in_the_notice(
    at, proposed, sara, mona, rita
):
    versions.reject(proposed, reason="Too wide", by=sara, at=at)
    follow_all(at)

    rejected = Notice.objects.get(recipient=rita)
    assert (rejected.kind, rejected.data) == ("documents.rejected", {})
    assert words(rita) == [
        (
            "“What an MQL is” was not signed",
            "Too wide",
            f"/definitions/{proposed.pk}/",
        )
    ]
    assert told(mona) == [("documents.rejected", proposed.pk)]


def test_a_document_without_a_page_of_its_own_leads_nowhere(at, sara, mona):
    row = versions.draft("charter", Text("Charter"), by=mona, at=at)
    versions.propose(row, by=mona, at=at)
    follow_all(at)

    assert [each.url for each in words(sara)] == [""]
