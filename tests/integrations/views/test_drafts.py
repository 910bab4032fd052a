"""What becomes of an uploaded file until it is loaded: columns, first rows, check."""

import csv
from datetime import timedelta
from io import StringIO

import pytest
from django.core.files.storage import default_storage
from django.db import connection

from foundation.accounts.enums import Role
from foundation.jobs.models import Job
from foundation.ledger.models import Entry
from integrations.actions import loading, rehearsing, stored
from integrations.models import Load, LoadChunk, LoadError, RememberedMapping
from integrations.queries.heads import HEAD_ROWS, head_of, name_of
from leads.models import Lead
from tests.factories.accounts import make_user
from tests.factories.integrations import AT, make_upload, work_off
from tests.factories.leads import make_lead

pytestmark = pytest.mark.django_db
FILE = (
    "Mail;Von wo;Wann;Notiz\n"
    "ana@example.com;webinar;05/03/2026;<b>bold</b>\n"
    "no address;fair;2026-03-05;=1+1\n"
    "jan@example.com;;2026-03-06 10:30;\n"
)
CHOICES = {
    "column-0": "email",
    "column-1": "source",
    "column-2": "created_at",
    "column-3": "notes",
    "time_zone": "Europe/Warsaw",
    "live": "history",
}
HTMX = {"HX-Request": "true"}


@pytest.fixture
def load(maria):
    return make_upload(maria, FILE)


def ask(asking, load, act, **changes):
    address = f"/imports/{load.pk}/{act}/"
    return asking.post(address, {**CHOICES, **changes}, headers=HTMX)


def cells(answer):
    """Texts and sentences of the shown rows."""
    return {
        line["number"]: [(cell["text"], cell["problems"]) for cell in line["cells"]]
        for line in answer.context["preview"]["lines"]
    }


def test_the_page_says_how_the_file_would_be_read(asking, load):
    answer = asking.get(f"/imports/{load.pk}/")
    fields = answer.context["form"].columns()

    assert [(field.label, field.value()) for field, _ in fields] == [
        ("Mail", "email"),
        ("Von wo", ""),
        ("Wann", ""),
        ("Notiz", ""),
    ]
    assert fields[0][1] == ["ana@example.com", "no address", "jan@example.com"]
    assert fields[3][1] == ["<b>bold</b>", "=1+1"]
    assert b"<b>bold</b>" not in answer.content
    assert b"&lt;b&gt;bold&lt;/b&gt;" in answer.content
    assert (answer.context["about"], answer.context["whole"]) == (3, True)


def test_the_preview_follows_the_choices_and_marks_each_cell(asking, load):
    answer = ask(asking, load, "preview")

    assert answer.templates[0].name == "import-preview"
    ambiguous = (
        "“05/03/2026” may be day/month or month/day. Say which, or write 2026-03-05."
    )
    address = (
        "This is not one e-mail address of at most 254 characters, like "
        "ana@example.com."
    )
    assert cells(answer) == {
        2: [
            ("ana@example.com", []),
            ("webinar", []),
            ("05/03/2026", [ambiguous]),
            ("<b>bold</b>", []),
        ],
        3: [("no address", [address]), ("fair", []), ("2026-03-05", []), ("=1+1", [])],
        4: [
            ("jan@example.com", []),
            ("", []),
            ("6 Mar 2026, 11:30", []),  # Warsaw's time, in Bucharest
            ("", []),
        ],
    }
    shown = answer.context["preview"]
    assert (shown["seen"], shown["good"], shown["rejected"]) == (3, 1, 2)
    assert b'href="#id_slashes"' in answer.content
    assert b"<b>bold</b>" not in answer.content

    answer = ask(asking, load, "preview", slashes="month")
    assert cells(answer)[2][2] == ("3 May 2026, 01:00", [])
    load.refresh_from_db()
    assert (load.slashes, load.time_zone) == ("month", "Europe/Warsaw")
    assert load.maps == [
        "email=Mail",
        "source=Von wo",
        "created_at=Wann",
        "notes=Notiz",
    ]


def test_what_is_filled_in_for_all_is_previewed_too(asking, load):
    out = {"column-2": "", "column-3": ""}
    answer = ask(asking, load, "preview", **out, **{"value-country": "Polska"})

    assert cells(answer)[4][2] == ("PL", [])
    load.refresh_from_db()
    assert (load.leave_out, load.defaults) == (["Wann", "Notiz"], ["country=Polska"])


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"column-0": ""}, "Leads need one of Identifier, E-mail address, Phone"),
        ({"column-1": "email"}, "“E-mail address” is filled from two columns"),
        (
            {"column-1": "external_id"},
            "“Identifier” needs the system it comes from. Choose",
        ),
        ({"value-country": "Narnia"}, "The value “Narnia” cannot be filled in"),
    ],
)
def test_choices_that_do_not_fit_are_told_and_nothing_begins(
    asking, load, changes, says
):
    answer = ask(asking, load, "preview", **changes)
    assert answer.context["problems"][0].startswith(says)

    answer = ask(asking, load, "check", **changes)
    assert answer.context["unchecked"][0].startswith(says)
    answer = ask(asking, load, "start", **changes)
    assert answer.status_code == 422
    assert answer.context["problems"][0].startswith(says)
    assert not Job.objects.exists()
    load.refresh_from_db()
    assert load.state == "uploaded"


@pytest.mark.parametrize(
    "changes",
    [
        {"column-0": "secrets"},
        {"time_zone": "Mars/Base"},
        {"country": "ROU"},
        {"slashes": "year"},
        {"live": ""},
    ],
)
def test_choices_that_there_are_not_are_refused(asking, load, changes):
    assert ask(asking, load, "start", **changes).status_code == 422
    assert ask(asking, load, "preview", **changes).context["preview"] is None
    load.refresh_from_db()
    assert (load.state, load.time_zone) == ("uploaded", "Europe/Bucharest")


def test_a_check_counts_and_writes_nothing(asking, load):
    make_lead(email="jan@example.com", source="fair", created_at=AT, at=AT)
    Lead.objects.update(company=None)  # which the address says
    entries, leads = Entry.objects.count(), Lead.objects.count()
    answer = ask(asking, load, "check", slashes="day")
    done = answer.context["checked"]

    assert counts(done) == (1, 1, 0, 1)
    assert [(e["row"], e["column"]) for e in answer.context["errors"]] == [(3, "Mail")]
    assert b"Checked: nothing was written" in answer.content
    assert (Entry.objects.count(), Lead.objects.count()) == (entries, leads)
    assert (LoadChunk.objects.count(), Job.objects.count()) == (0, 0)
    load.refresh_from_db()
    assert (load.state, load.rows) == ("checked", 0)


def test_what_a_check_found_stays_until_the_file_is_read_otherwise(asking, load):
    ask(asking, load, "check", slashes="day")
    for _ in range(2):  # Checking again changes nothing.
        answer = asking.get(f"/imports/{load.pk}/")
        assert counts(answer.context["checked"]) == (2, 0, 0, 1)
        assert [(e["row"], e["column"]) for e in answer.context["errors"]] == [
            (3, "Mail")
        ]
        ask(asking, load, "check", slashes="day")
    assert LoadError.objects.count() == 1
    rejected = b"".join(asking.get(f"/imports/{load.pk}/rejects/").streaming_content)
    rows = list(csv.reader(StringIO(rejected.decode("utf-8-sig")), delimiter=";"))
    assert [row[:-1] for row in rows] == [
        ["Mail", "Von wo", "Wann", "Notiz", "alignment_row"],
        ["no address", "fair", "2026-03-05", "'=1+1", "3"],
    ]

    answer = ask(asking, load, "preview", slashes="day")
    assert b'hx-swap-oob="innerHTML"' not in answer.content
    answer = ask(asking, load, "preview", slashes="month")
    assert b'<div id="import-check" hx-swap-oob="innerHTML"></div>' in answer.content
    load.refresh_from_db()
    assert (load.state, load.checked) == ("uploaded", {})
    assert LoadError.objects.count() == 0
    assert asking.get(f"/imports/{load.pk}/").context["checked"] is None


def test_a_load_begins_from_a_checked_file_as_from_another(asking, load):
    ask(asking, load, "check", slashes="day")
    ask(asking, load, "start", slashes="day")
    work_off()

    load.refresh_from_db()
    assert (load.state, load.created, load.rejected) == ("loaded", 2, 1)
    assert (load.checked, LoadError.objects.count()) == ({}, 1)


def test_a_checked_file_is_discarded_with_what_was_found(asking, load):
    ask(asking, load, "check", slashes="day")
    asking.post(f"/imports/{load.pk}/discard/")

    assert (Load.objects.count(), LoadError.objects.count()) == (0, 0)


def test_a_checked_file_that_is_stopped_keeps_nothing_of_the_check(asking, load):
    ask(asking, load, "check", slashes="day")
    asking.post(f"/imports/{load.pk}/cancel/")

    load.refresh_from_db()
    assert (load.state, load.checked) == ("stopped", {})
    assert LoadError.objects.count() == 0


def counts(done):
    return (done.created, done.updated, done.unchanged, done.rejected)


@pytest.fixture
def large(maria):
    rows = "".join(f"p{n}@example.com\n" for n in range(HEAD_ROWS + 200))
    return make_upload(maria, f"email\n{rows}nobody\n")


@pytest.mark.django_db(transaction=True)
def test_a_large_file_is_checked_to_its_end_by_a_worker(asking, large):
    page = f"/imports/{large.pk}/"
    assert b"about 1,201 rows" in asking.get(page).content
    answer = asking.post(f"{page}check/", CHOICES, headers=HTMX)
    assert answer.headers["HX-Redirect"] == page
    assert asking.post(f"{page}check/", CHOICES).url == page
    assert Job.objects.count() == 1

    answer = asking.get(page)
    assert answer.context["job"]["title"] == "Rows are being checked"
    assert answer.context["job"]["state_label"] == "waiting for its turn"
    assert f'action="{page}check/cancel/"' in answer.content.decode()
    assert b"Nothing is written. You can leave this page" in answer.content
    assert asking.get(f"{page}progress/").status_code == 200
    assert ask(asking, large, "preview").context["problems"] == [
        "This file is being checked. Wait for its end, or cancel that."
    ]
    asking.post(f"{page}start/", CHOICES)
    assert Load.objects.get().state == "checking"

    work_off()
    answer = asking.get(f"{page}progress/")
    assert answer.headers["HX-Redirect"] == page
    answer = asking.get(page)
    assert counts(answer.context["checked"]) == (HEAD_ROWS + 200, 0, 0, 1)
    assert [error["row"] for error in answer.context["errors"]] == [HEAD_ROWS + 202]
    assert b"all 1,201 rows of this file" in answer.content
    assert not Lead.objects.exists()


def test_a_check_is_cancelled_and_the_file_waits_again(asking, large, client):
    page = f"/imports/{large.pk}/"
    asking.post(f"{page}check/", CHOICES)
    client.force_login(make_user(Role.MARKETER))
    assert client.post(f"{page}check/cancel/").status_code == 403
    assert b"check/cancel" not in client.get(page).content
    client.force_login(make_user(Role.REVENUE_OPERATIONS))
    assert client.post(f"{page}check/cancel/").url == page
    text = client.get(page).content.decode()
    assert "The check was stopped; nothing was written." in text
    assert '<form id="mapping-form"' in text
    client.post(f"{page}check/cancel/")
    assert "This check has ended already." in client.get(page).content.decode()
    large.refresh_from_db()
    assert (large.state, large.job) == ("uploaded", None)


def test_a_check_without_script_answers_with_the_whole_page(asking, load):
    answer = asking.post(f"/imports/{load.pk}/check/", CHOICES)

    assert b"Checked: nothing was written" in answer.content
    assert b'<form id="mapping-form"' in answer.content


@pytest.mark.django_db(transaction=True)
def test_a_check_does_not_wait_for_ever_for_another_load(asking, load, monkeypatch):
    monkeypatch.setattr(rehearsing, "_PATIENCE", "50ms")
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [loading._LOCK])  # noqa: SLF001
    try:
        answer = ask(asking, load, "check")
    finally:
        other.close()
    assert "Another file is being loaded just now." in answer.context["unchecked"][0]
    assert ask(asking, load, "check").context["checked"] is not None


def test_starting_makes_one_job_and_remembers_the_columns(asking, load):
    head = name_of(load.stored_as)
    assert default_storage.exists(head)
    for _ in range(2):
        answer = ask(asking, load, "start", slashes="day")
        assert answer.url == f"/imports/{load.pk}/"
    assert not default_storage.exists(head)
    assert Job.objects.filter(kind="integrations.load").count() == 1
    assert RememberedMapping.objects.get().maps[0] == "email=Mail"

    work_off()
    load.refresh_from_db()
    assert (load.state, load.created, load.rejected) == ("loaded", 2, 1)
    assert (load.stored_as, default_storage.exists(head)) == ("", False)
    assert Lead.objects.get(email="ana@example.com").source == "webinar"


def test_a_discarded_file_is_gone(asking, load):
    answer = asking.post(f"/imports/{load.pk}/discard/")

    assert answer.url == "/imports/"
    assert not Load.objects.exists()
    assert not default_storage.exists(load.stored_as)
    assert not default_storage.exists(name_of(load.stored_as))
    assert asking.get(f"/imports/{load.pk}/").status_code == 404


def test_what_is_being_loaded_is_not_discarded(asking, load):
    ask(asking, load, "start", slashes="day")
    asking.post(f"/imports/{load.pk}/discard/")

    assert Load.objects.get().state == "loading"
    assert default_storage.exists(load.stored_as)


@pytest.mark.parametrize("act", ["preview", "check", "start", "discard"])
def test_somebody_elses_file_is_theirs(client, load, act):
    client.force_login(make_user(Role.MARKETER))

    assert ask(client, load, act).status_code == 403
    answer = client.get(f"/imports/{load.pk}/")
    assert b"Nothing is loaded yet" in answer.content
    assert b"mapping-form" not in answer.content
    load.refresh_from_db()
    assert (load.state, load.maps) == ("uploaded", ["email=Mail"])

    client.force_login(make_user(Role.REVENUE_OPERATIONS))
    assert ask(client, load, act).status_code in {200, 302}


def test_the_same_bytes_again_are_pointed_out(asking, load, maria):
    ask(asking, load, "start", slashes="day")
    again = make_upload(maria, FILE)
    text = asking.get(f"/imports/{again.pk}/").content.decode()

    assert f'This very file was <a href="/imports/{load.pk}/">loaded on' in text


def test_a_page_of_many_columns_shows_the_first_two_hundred(asking, maria):
    header = ",".join(f"c{n}" for n in range(300)) + ",email"
    row = ",".join("1" for _ in range(300)) + ",ana@example.com"
    load = make_upload(maria, f"{header}\n{row}\n")
    answer = asking.get(f"/imports/{load.pk}/")

    assert len(answer.context["form"].columns()) == 200
    assert b"101 further columns are left out." in answer.content


def test_pages_ask_as_much_for_one_row_as_for_many(asking, maria, count_queries):
    few = make_upload(maria, FILE)
    many = make_upload(maria, FILE + "x@example.com;;;\n" * 400)
    counts = [
        count_queries(ask, asking, load, "preview", slashes="day")
        for load in (few, many)
    ]
    assert counts[0] == counts[1]
    pages = [count_queries(asking.get, f"/imports/{load.pk}/") for load in (few, many)]
    assert pages[0] == pages[1]


def test_a_file_that_was_tidied_away_is_told(asking, load):
    names = [load.stored_as, name_of(load.stored_as)]
    assert [default_storage.exists(name) for name in names] == [True, True]
    stored.tidy(at=AT + timedelta(days=8))
    assert [default_storage.exists(name) for name in names] == [False, False]
    answer = asking.get(f"/imports/{load.pk}/")

    assert answer.context["problems"] == [
        "The file is not kept any more. Upload it again."
    ]
    load.refresh_from_db()
    assert head_of(load) is None
    assert ask(asking, load, "start", slashes="day").status_code == 422


def test_a_line_that_is_broken_is_shown_with_its_reason(asking, maria):
    load = make_upload(
        maria, 'email,source\nana@example.com,"fair"x\nb@example.com,y\n'
    )
    answer = asking.get(f"/imports/{load.pk}/")
    line = answer.context["preview"]["lines"][0]

    assert line["problems"][0].startswith("A quotation mark in this row is opened")


def test_a_column_with_a_name_without_end_can_be_rejected(asking, maria):
    load = make_upload(maria, f"{'x' * 400},source\nbad,b\n")
    answer = ask(asking, load, "check", **{"column-2": "", "column-3": ""})

    assert answer.context["errors"][0]["column"] == "x" * 300
