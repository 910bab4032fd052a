"""The builder of a definition: by keyboard alone, on a phone, and two at once."""

import pytest

from foundation.accounts.enums import Role
from foundation.kernel import clock
from leads.actions import definitions
from leads.actions.definitions import Draft
from tests.browser.conftest import PHONE
from tests.factories.accounts import make_user
from tests.factories.definitions import CRITERIA, make_definition, make_proposal
from tests.factories.leads import make_company, make_lead

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SENTENCE = (
    "Company has at least 50 employees, job title contains “operations”, “logistics” "
    "or “purchasing”, either asked for a demo in the last 30 days or came to a webinar "
    "at least 2 times in the last 60 days and phone number is known."
)
BUILT = {
    "rules": {
        "all": [
            CRITERIA["rules"]["all"][0],
            {
                "field": "lead.job_title",
                "op": "contains",
                "value": ["operations", "logistics", "purchasing"],
            },
            CRITERIA["rules"]["all"][1],
            {"field": "lead.phone", "op": "present"},
        ]
    }
}


@pytest.fixture
def irina(db):
    return make_user(Role.HEAD_OF_SALES, name="Irina Marin")


@pytest.fixture
def draft(irina):
    first = {"rules": {"all": [{"field": "lead.email", "op": "present"}]}}
    return make_definition(by=irina, criteria=first)


def kept(draft):
    draft.refresh_from_db()
    return draft.content["criteria"]


class Hand:
    """Works in the builder and waits for each answer."""

    def __init__(self, page):
        self.page = page

    def answered(self):
        self.page.wait_for_function(
            "() => !document.querySelector('.htmx-request, [aria-busy=true]')"
        )
        self.page.wait_for_timeout(60)

    def saved(self):
        kept = "#builder-state:has-text('Saved at'):not(:has-text('unfinished'))"
        self.page.wait_for_selector(kept)


class Keys(Hand):
    """Presses keys and nothing else."""

    def to(self, part):
        """Go to an element with the Tab key, as somebody without a mouse does."""
        for _ in range(160):
            if self.page.evaluate("document.activeElement.id") == part:
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"{part} is not reached")

    def press(self, *keys):
        for key in keys:
            self.page.keyboard.press(key)
        self.answered()

    def choose(self, part, label):
        """Choose from a list by typing what it says."""
        self.to(part)
        self.page.keyboard.type(label)
        self.press("Tab")

    def write(self, part, text):
        self.to(part)
        self.page.keyboard.press("Control+a")
        self.page.keyboard.type(text)
        self.press("Tab")


class Mouse(Hand):
    """Clicks and chooses."""

    def tap(self, part):
        self.page.click(f"#{part}")
        self.answered()

    def choose(self, part, label):
        self.page.select_option(f"#{part}", label=label)
        self.answered()

    def write(self, part, text):
        self.page.fill(f"#{part}", text)
        self.page.keyboard.press("Tab")
        self.answered()


class Fingers(Mouse):
    def tap(self, part):
        self.page.tap(f"#{part}")
        self.answered()


def press(hand, part):
    if isinstance(hand, Keys):
        hand.to(part)
        hand.press("Enter")
    else:
        hand.tap(part)


def build(hand):
    """Make the example of the design from a draft of one condition."""
    hand.choose("rules-0-what", "Company employees")
    hand.write("rules-0-value", "50")
    press(hand, "rules-add")
    hand.choose("rules-1-what", "Job title")
    hand.choose("rules-1-op", "contains")
    hand.write("rules-1-value", "operations, logistics, purchasing")
    press(hand, "rules-add-group")
    hand.choose("rules-2-0-what", "Asked for a demo")
    press(hand, "rules-2-add")
    hand.choose("rules-2-1-what", "Came to a webinar")
    hand.write("rules-2-1-value", "2")
    hand.write("rules-2-1-within", "60")
    press(hand, "rules-add")
    hand.choose("rules-3-what", "Phone number")
    hand.choose("rules-3-op", "is known")
    hand.saved()


def test_the_example_is_built_with_the_keyboard_alone(visit, draft, irina):
    make_lead(
        company_id=make_company(employees=60).pk,
        job_title="Head of Logistics",
        phone="+40711111111",
    )
    page = visit(irina).open(f"/definitions/{draft.pk}/edit/")
    hand = Keys(page)

    build(hand)

    assert kept(draft) == BUILT
    assert page.inner_text("#definition-reading p") == SENTENCE
    page.wait_for_selector("#match-count:has-text('0 leads meet this version now')")

    # Out of its group, up, and taken away: at its grip, with the arrows.
    hand.to("rules-2-1-grip")
    hand.press("ArrowLeft")
    assert page.evaluate("document.activeElement.id") == "rules-3-grip"
    hand.press("ArrowUp")
    assert page.evaluate("document.activeElement.id") == "rules-2-grip"
    hand.saved()
    third = kept(draft)["rules"]["all"][2]
    assert third["touches"] == {"type": ["webinar"]}
    hand.press("ArrowRight")
    assert page.evaluate("document.activeElement.id") == "rules-2-0-grip"
    hand.press("Delete")
    hand.saved()
    assert len(kept(draft)["rules"]["all"]) == 4


def test_the_example_is_built_on_a_phone(visit, draft, irina):
    page = visit(irina, **PHONE).open(f"/definitions/{draft.pk}/edit/")

    build(Fingers(page))

    assert kept(draft) == BUILT
    assert page.inner_text("#definition-reading p") == SENTENCE
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_rule_is_dragged_into_a_group(visit, irina):
    draft = make_definition(by=irina, criteria=CRITERIA)
    page = visit(irina).open(f"/definitions/{draft.pk}/edit/")

    page.drag_and_drop("#rules-0-grip", "#rules-1-1")

    Hand(page).saved()
    [group] = kept(draft)["rules"]["all"]
    assert CRITERIA["rules"]["all"][0] in group["any"]
    assert len(group["any"]) == 3
    page.wait_for_selector("#rules-0-grip:focus, #rules-0-1-grip:focus")


def test_what_is_unfinished_is_there_again_tomorrow(visit, draft, irina):
    page = visit(irina).open(f"/definitions/{draft.pk}/edit/")
    Mouse(page).tap("rules-add")
    page.wait_for_selector("#builder-state:has-text('Saved at')")
    before = page.locator("[data-part]").count()

    page.goto("/definitions/")
    page.goto(f"/definitions/{draft.pk}/edit/")

    page.wait_for_selector("#builder-state:has-text('1 place is unfinished')")
    assert page.locator("[data-part]").count() == before
    assert page.locator(".rule-faults").count() == 1
    page.click("[data-dialog=propose]")
    assert page.is_disabled("#propose-form button[type=submit]")


def test_leaving_with_something_that_is_not_saved_asks_first(visit, draft, irina):
    page = visit(irina).open(f"/definitions/{draft.pk}/edit/")
    asked = []

    def answer(dialog):
        asked.append(dialog.type)
        dialog.accept()

    page.on("dialog", answer)
    page.fill("#id_second_chance", "70")
    page.wait_for_selector("#builder-state:has-text('What is marked is not saved')")

    page.goto("/definitions/")

    assert asked == ["beforeunload"]


def test_the_count_follows_what_is_saved(visit, draft, irina):
    make_lead(company_id=make_company(employees=60).pk)
    make_lead(company_id=make_company(employees=20).pk)
    page = visit(irina).open(f"/definitions/{draft.pk}/edit/")
    page.wait_for_selector("#match-count:has-text('2 leads meet this version now')")

    hand = Mouse(page)
    hand.choose("rules-0-what", "Company employees")
    page.wait_for_selector("#builder-state:has-text('1 place is unfinished')")
    page.fill("#rules-0-value", "50")  # the pause is enough

    hand.saved()
    page.wait_for_selector("#match-count:has-text('1 lead meets this version now')")


def test_nothing_typed_is_lost_when_somebody_else_was_faster(visit, draft, irina):
    diana = make_user(Role.REVENUE_OPERATIONS, name="Diana Voicu")
    visitor = visit(irina)
    page = visitor.open(f"/definitions/{draft.pk}/edit/")
    new = Draft("Hers", criteria=CRITERIA)
    definitions.revise(draft, new, revision=1, by=diana, at=clock.now())

    hand = Mouse(page)
    hand.write("id_title", "Mine")

    page.wait_for_selector("text=Somebody else changed this draft meanwhile")
    assert page.input_value("#id_title") == "Mine"
    hand.write("id_prose", "And more of mine")
    assert page.input_value("#id_prose") == "And more of mine"
    draft.refresh_from_db()
    assert draft.title == "Hers"

    hand.tap("builder-over")
    hand.saved()
    draft.refresh_from_db()
    assert (draft.title, draft.prose) == ("Mine", "And more of mine")
    visitor.complaints[:] = [said for said in visitor.complaints if "412" not in said]


def test_edits_in_quick_succession_are_all_kept(visit, draft, irina):
    """One request at a time, each with the revision before it."""
    page = visit(irina).open(f"/definitions/{draft.pk}/edit/")

    page.fill("#id_title", "One")
    page.fill("#id_prose", "Two")
    page.select_option("#rules-0-what", label="Phone number")
    page.select_option("#rules-0-op", label="is known")
    page.fill("#id_second_chance", "5")
    page.keyboard.press("Tab")

    Hand(page).saved()
    page.wait_for_timeout(1500)
    assert kept(draft)["rules"] == {"all": [{"field": "lead.phone", "op": "present"}]}
    assert (draft.title, draft.prose) == ("One", "Two")
    assert draft.content["second_chance"] == "0.05"


def test_two_heads_read_and_sign(visit, irina):
    magda = make_user(Role.HEAD_OF_MARKETING, name="Magdalena Nowak")
    proposal = make_proposal()
    hers, his = visit(irina).open("/definitions/"), visit(magda).open("/definitions/")

    for page in (hers, his):
        page.click("text=Read and sign")
        page.click("button:has-text('Sign') >> visible=true")
        page.wait_for_url(f"**/definitions/{proposal.pk}/")

    assert "In force" in his.inner_text("h1")
    hers.wait_for_selector("h1:has-text('In force')", timeout=10_000)
