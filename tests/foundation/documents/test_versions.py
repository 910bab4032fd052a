"""A version is drafted, proposed, signed by both functions, and then never changes."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.db import IntegrityError, connection, transaction

from foundation.accounts.enums import Role
from foundation.documents.actions import versions
from foundation.documents.actions.versions import Text
from foundation.documents.enums import Standing
from foundation.documents.models import Signature, Version
from foundation.documents.queries.versions import in_force, standings
from tests.factories.accounts import make_user

pytestmark = pytest.mark.django_db
KIND = "playbook"
HOUR = timedelta(hours=1)


@pytest.fixture
def sara(db):
    return make_user(Role.HEAD_OF_SALES, name="Sara Sales")


@pytest.fixture
def mona(db):
    return make_user(Role.HEAD_OF_MARKETING, name="Mona Marketing")


@pytest.fixture
def proposed(sara, mona, at):
    def make(title="MQL", **fields):
        row = versions.draft(KIND, Text(title, **fields), by=mona, at=at)
        return versions.propose(row, by=mona, at=at)

    return make


def standing_of(version, at):
    return standings([version], at=at)[version.pk]


def test_both_signatures_put_it_in_force(proposed, sara, mona, at):
    row = proposed()
    assert (row.number, standing_of(row, at)) == (1, Standing.PROPOSED)

    row = versions.sign(row, digest=row.digest, by=mona, at=at)
    assert (row.state, row.in_force_at) == ("proposed", None)
    row = versions.sign(row, digest=row.digest, by=sara, at=at + HOUR)

    assert (row.state, row.in_force_at) == ("signed", at + HOUR)
    assert in_force(KIND, at=at) is None
    assert in_force(KIND, at=at + HOUR) == row
    told = row.signatures.values_list("function", "signed_by", "capacity", "digest")
    assert list(told) == [
        ("marketing", mona.pk, "head", row.digest),
        ("sales", sara.pk, "head", row.digest),
    ]


def test_the_next_version_takes_over_on_its_day(proposed, sara, mona, at):
    first, second = proposed("One"), proposed("Two", effective_at=at + 24 * HOUR)
    for row in (first, second):
        for person in (sara, mona):
            versions.sign(row, digest=row.digest, by=person, at=at + HOUR)
    first.refresh_from_db()
    second.refresh_from_db()

    now, later = at + 2 * HOUR, at + 24 * HOUR
    assert standings([first, second], at=now) == {
        first.pk: Standing.ACTIVE,
        second.pk: Standing.UPCOMING,
    }
    assert standings([first, second], at=later) == {
        first.pk: Standing.SUPERSEDED,
        second.pk: Standing.ACTIVE,
    }


def test_of_two_for_the_same_moment_the_last_signed_holds(proposed, sara, mona, at):
    rows = [proposed(effective_at=at + 24 * HOUR) for _ in range(2)]
    for row in reversed(rows):
        for person in (sara, mona):
            versions.sign(row, digest=row.digest, by=person, at=at)

    assert in_force(KIND, at=at + 24 * HOUR + timedelta(seconds=1)) == rows[0]


def test_a_rep_cannot_sign(proposed, sally, at):
    row = proposed()

    with pytest.raises(versions.NotASigner):
        versions.sign(row, digest=row.digest, by=sally, at=at)

    assert Signature.objects.count() == 0


def test_a_function_signs_once(proposed, mona, at):
    row = proposed()
    versions.sign(row, digest=row.digest, by=mona, at=at)

    with pytest.raises(versions.NotASigner):
        versions.sign(row, digest=row.digest, by=mona, at=at)


def test_leadership_signs_once_for_functions_without_head(lena, at):
    row = versions.draft(KIND, Text("MQL"), by=lena, at=at)
    row = versions.propose(row, by=lena, at=at)

    row = versions.sign(row, digest=row.digest, by=lena, at=at)

    assert row.in_force_at == at
    told = row.signatures.order_by("function").values_list("function", "capacity")
    assert list(told) == [("marketing", "vacancy"), ("sales", "vacancy")]


def test_leadership_signs_not_where_there_is_a_head(proposed, sara, lena, at):
    row = proposed()

    with pytest.raises(versions.NotASigner):
        versions.sign(row, digest=row.digest, by=lena, at=at)


def test_a_deputy_signs_for_the_head(proposed, sara, at):
    deputy = make_user(Role.SALES_REP, deputy_for="sales")
    row = proposed()

    versions.sign(row, digest=row.digest, by=deputy, at=at)

    signature = row.signatures.get()
    assert (signature.function, signature.capacity) == ("sales", "deputy")


def test_another_text_is_not_signed(proposed, sara, at):
    row = proposed()

    with pytest.raises(versions.OtherText):
        versions.sign(row, digest="0" * 64, by=sara, at=at)


def test_who_read_an_older_draft_changes_nothing(mona, sara, at):
    row = versions.draft(KIND, Text("MQL"), by=mona, at=at)
    versions.revise(row, Text("Mine"), revision=1, by=mona, at=at)

    with pytest.raises(versions.ChangedMeanwhile):
        versions.revise(row, Text("Yours"), revision=1, by=sara, at=at)

    row.refresh_from_db()
    assert (row.title, row.revision) == ("Mine", 2)


def test_a_proposal_is_not_revised(proposed, mona, at):
    row = proposed()

    with pytest.raises(versions.WrongState):
        versions.revise(row, Text("Other"), revision=1, by=mona, at=at)


def test_rejecting_needs_a_reason_and_a_signer(proposed, sara, sally, at):
    row = proposed()

    with pytest.raises(versions.WrongDocument):
        versions.reject(row, reason=" ", by=sara, at=at)
    with pytest.raises(versions.NotASigner):
        versions.reject(row, reason="No", by=sally, at=at)
    row = versions.reject(row, reason="Too loose", by=sara, at=at)

    assert (row.state, row.reason, row.closed_by) == ("rejected", "Too loose", sara)
    with pytest.raises(versions.WrongState):
        versions.sign(row, digest=row.digest, by=sara, at=at)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE documents_version SET title = 'Other'",
        "UPDATE documents_version SET content = '{\"a\": 1}'",
        "UPDATE documents_version SET effective_at = now()",
        "DELETE FROM documents_version",
        "UPDATE documents_signature SET digest = ''",
        "DELETE FROM documents_signature",
    ],
)
def test_the_database_refuses_to_change_what_was_signed(proposed, mona, at, change):
    row = proposed()
    versions.sign(row, digest=row.digest, by=mona, at=at)

    with (
        connection.cursor() as cursor,
        pytest.raises(IntegrityError),
        transaction.atomic(),
    ):
        cursor.execute(change)


@pytest.mark.django_db(transaction=True)
def test_two_heads_who_sign_at_once_leave_one_in_force(at):
    sara, mona = make_user(Role.HEAD_OF_SALES), make_user(Role.HEAD_OF_MARKETING)
    rows = []
    for title in ("One", "Two"):
        row = versions.draft(KIND, Text(title), by=mona, at=at)
        rows.append(versions.propose(row, by=mona, at=at))
    barrier = Barrier(4)

    def sign(row, person):
        barrier.wait()
        versions.sign(row, digest=row.digest, by=person, at=at)
        connection.close()

    threads = [Thread(target=sign, args=(r, p)) for r in rows for p in (sara, mona)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert list(Version.objects.values_list("state", flat=True)) == ["signed"] * 2
    later = at + HOUR
    told = sorted(standings(list(Version.objects.all()), at=later).values())
    assert told == [Standing.ACTIVE, Standing.SUPERSEDED]
    assert Signature.objects.count() == 4


def test_the_database_refuses_a_version_in_force_that_one_function_signed(
    proposed, mona, at
):
    row = proposed()
    versions.sign(row, digest=row.digest, by=mona, at=at)

    with pytest.raises(IntegrityError, match="both functions"), transaction.atomic():
        Version.objects.filter(pk=row.pk).update(state="signed", in_force_at=at)

    row.refresh_from_db()
    assert (row.state, row.in_force_at) == ("proposed", None)
