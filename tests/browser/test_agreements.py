"""The agreement where it is written: by keyboard alone, and under a finger."""

import pytest

from foundation.accounts.enums import Role
from tests.browser.conftest import PHONE
from tests.browser.test_definitions import Hand, Keys
from tests.factories.accounts import make_user
from tests.factories.sla import make_draft

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def irina(db):
    return make_user(Role.HEAD_OF_SALES, name="Irina Marin")


@pytest.fixture
def draft(irina):
    return make_draft(by=irina)


def kept(draft):
    draft.refresh_from_db()
    return [(each["kind"], each.get("minutes")) for each in draft.content["clauses"]]


def test_clauses_are_changed_moved_and_removed_by_keyboard_alone(visit, irina, draft):
    page = visit(irina).open(f"/agreement/versions/{draft.pk}/edit/")
    hand = Keys(page)

    hand.write("c0-minutes", "3")
    hand.saved()
    assert kept(draft) == [("first_response", 180), ("acceptance", 240)]
    hand.to("c1-grip")
    hand.press("ArrowUp")
    assert kept(draft) == [("acceptance", 240), ("first_response", 180)]
    assert page.evaluate("document.activeElement.id") == "c0-grip"
    hand.press("ArrowDown")
    hand.press("Delete")
    assert kept(draft) == [("first_response", 180)]


def test_promises_are_added_and_moved_under_a_finger(visit, irina, draft):
    page = visit(irina, **PHONE).open(f"/agreement/versions/{draft.pk}/edit/")
    hand = Hand(page)

    page.tap("#add-clause")
    page.tap("#add-answer")
    hand.answered()
    page.tap("#c2-menu")
    page.tap("#c2-up")
    hand.answered()

    assert kept(draft) == [
        ("answer", 1_080),
        ("acceptance", 240),
        ("first_response", 60),
    ]
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
