import pytest

from integrations.domain.columns import column_of
from integrations.domain.kinds import KINDS, Type, kind_of
from integrations.domain.kinds.rules import InOrder, Needs, NeedsUnless
from integrations.domain.problems import BadMapping
from integrations.domain.values import Reading
from integrations.domain.values.folding import folded

NAMES = {
    "companies": (
        "external_system external_id name domain country segment employees industry"
    ),
    "campaigns": (
        "external_system external_id name channel starts_on ends_on budget currency "
        "owner"
    ),
    "leads": (
        "external_system external_id email phone first_name last_name job_title "
        "company company_domain company_external_id source campaign segment country "
        "language owner stage priority created_at mql_at sal_at sql_at opportunity_at "
        "customer_at do_not_contact notes"
    ),
    "stage-changes": (
        "external_system lead_external_id lead_email to_stage occurred_at reason actor "
        "entry_date"
    ),
    "touchpoints": (
        "external_system lead_external_id lead_email external_id occurred_at channel "
        "type direction team automatic campaign utm_source utm_medium utm_campaign "
        "cost currency proof proof_reference actor"
    ),
    "deals": (
        "external_system external_id lead_external_id lead_email name outcome "
        "opened_at won_at lost_at closed_at amount currency owner segment source "
        "country campaign lost_reason"
    ),
    "exchange-rates": "day currency base_currency rate",
    "spend": (
        "external_system external_id campaign campaign_external_id day amount currency "
        "category"
    ),
    "revenue": (
        "external_system external_id lead_external_id company_external_id "
        "deal_external_id kind starts_on amount currency reason"
    ),
}


def test_the_targets_of_every_kind():
    """People write these names in commands and saved mappings: they stay."""
    found = {name: " ".join(kind.by_name) for name, kind in KINDS.items()}

    assert found == NAMES


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_everything_that_is_named_is_a_target(kind):
    named = {name for group in kind.one_of for name in group.targets}
    named |= set(kind.identifiers)
    for identity in kind.identities:
        named |= {*identity.filled, *identity.also, *identity.unless}
    for rule in kind.rules:
        match rule:
            case InOrder(first, last):
                named |= {first, last}
            case Needs(target, _, others):
                named |= {target, *others}
            case NeedsUnless(target, other):
                named |= {target, other}
            case _:
                pytest.fail(f"an unknown rule: {rule}")

    assert named - {"external_system"} <= set(kind.by_name)
    assert kind.identities


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_every_target_explains_itself_and_can_be_read(kind):
    for target in kind.targets:
        assert target.help[-1] in ".…"
        assert column_of(target, Reading()).read([""]) == [None]
        assert (target.type == Type.CHOICE) == bool(target.choices)


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_no_word_of_a_choice_means_two_things(kind):
    for target in kind.targets:
        words = [
            folded(word)
            for value, others in target.choices.items()
            for word in (value, *others)
        ]
        assert len(words) == len(set(words)), target.name


def test_an_unknown_kind_names_the_known_ones():
    with pytest.raises(BadMapping) as refused:
        kind_of("lead")

    assert refused.value.message == (
        "There is no kind “lead”. There are: companies, campaigns, leads, "
        "stage-changes, touchpoints, deals, exchange-rates, spend, revenue. "
        "Did you mean “leads”?"
    )
