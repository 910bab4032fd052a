"""A file's way in, mended and out again, in a real browser."""

import csv

import pytest

from foundation.accounts.enums import Role
from integrations.models import Load
from leads.models import Lead
from tests.factories.accounts import make_user
from tests.factories.integrations import make_begun, work_off

pytestmark = [
    pytest.mark.screens,
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
]
FILE = (
    "E-mail,Imię,Sursa,Create date\n"
    "ana@example.com,Ana,webinar,2026-03-05\n"
    "jan(at)example.com,Jan,fair,2026-03-06\n"
    "ola@example.com,Ola,webinar,2026-03-07\n"
    "ion@example.com,Ion,fair,yesterday\n"
)
"""Two rows that cannot be read, under names of columns that people use."""


@pytest.fixture
def maria():
    return make_user(Role.HEAD_OF_MARKETING, name="Maria Marketing")


@pytest.fixture
def clicks():
    """Click things and count how often."""
    done = []

    def click(page, what):
        done.append(what)
        page.click(what)

    click.done = done  # type: ignore[attr-defined]
    return click


def counts(page):
    page.wait_for_selector("#result-title")
    return [
        int(text.replace(",", ""))
        for text in page.locator(".counts dd").all_inner_texts()
    ]


def leads():
    return sorted(Lead.objects.values_list("email", flat=True))


def test_a_file_is_loaded_mended_and_undone(visit, maria, clicks, tmp_path):
    file = tmp_path / "leaduri.csv"
    file.write_text(FILE)
    page = visit(maria).open("/imports/")
    with page.expect_file_chooser() as chooser:
        clicks(page, "[name=file]")
    chooser.value.set_files(file)
    clicks(page, "#upload-form button[type=submit]")
    page.wait_for_selector("#mapping-form")
    assert page.locator("#import-preview .cell-problem").count() == 2

    clicks(page, "text=Start loading")
    page.wait_for_selector("#import-progress progress")
    assert len(clicks.done) <= 4
    assert Load.objects.get().state == "loading"

    work_off()
    assert counts(page) == [2, 0, 0, 2]
    assert leads() == ["ana@example.com", "ola@example.com"]

    with page.expect_download() as download:
        page.click("text=Download them")
    mended = tmp_path / "mended.csv"
    download.value.save_as(mended)
    mend(mended, **{"jan(at)example.com": "jan@example.com", "yesterday": "08.03.2026"})
    page.click("text=Load the mended file")
    page.set_input_files("[name=file]", mended)
    page.click("#upload-form button[type=submit]")
    page.wait_for_selector("#mapping-form")
    assert page.locator("#import-preview .cell-problem").count() == 0
    page.click("text=Start loading")
    page.wait_for_selector("#import-progress progress")
    work_off()
    assert counts(page) == [2, 0, 0, 0]
    assert len(leads()) == 4

    page.click("text=Undo this load")
    page.wait_for_selector(".undoing")
    page.click("button >> text=Undo this load")
    page.wait_for_selector("#import-progress progress")
    work_off()
    page.wait_for_selector("#result-title")
    assert page.inner_text(".page-head .pill") == "Undone"
    assert "Leads 2" in page.inner_text(".undoing")


def mend(path, **words):
    """Do what somebody does in a spreadsheet."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    assert [row[-2] for row in rows] == ["alignment_row", "3", "5"]
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([[words.get(c, c) for c in row] for row in rows])


def test_the_list_follows_a_load_and_then_rests(visit, maria):
    load = make_begun(maria, FILE)
    page = visit(maria).open("/imports/")
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    assert page.inner_text(f"#load-{load.pk} .pill") == "Being loaded"

    work_off()
    page.wait_for_selector(f"#load-{load.pk} .pill >> text='Loaded'")

    asked.clear()
    page.wait_for_timeout(2_500)
    assert [url for url in asked if "/imports/" in url] == []


def test_choices_are_followed_by_the_preview_and_typing_stays(visit, maria, tmp_path):
    file = tmp_path / "leads.csv"
    file.write_text("Who,When\nana@example.com,05/03/2026\n")
    page = visit(maria).open("/imports/")
    page.set_input_files("[name=file]", file)
    page.click("#upload-form button[type=submit]")
    page.wait_for_selector("#import-preview .note.bad")

    page.select_option("#id_column-0", "email")
    page.select_option("#id_column-1", "created_at")
    page.wait_for_selector("#import-preview a[href='#id_slashes']")
    page.select_option("#id_slashes", "day")
    page.wait_for_selector("#import-preview td >> text=5 Mar 2026")
    assert page.input_value("#id_column-1") == "created_at"

    page.click("button >> text=Check")
    page.wait_for_selector("#import-check .counts")
    assert page.inner_text("#checked-title") == "Checked: nothing was written"
    assert page.input_value("#id_slashes") == "day"
    assert leads() == []


def test_a_large_file_is_checked_by_a_worker_and_then_loaded(visit, maria, tmp_path):
    rows = [f"p{n}@example.com,fair" for n in range(1_200)]
    rows[1_150] = "nobody,fair"
    file = tmp_path / "many.csv"
    file.write_text("\n".join(["email,source", *rows]))
    visitor = visit(maria)
    page = visitor.open("/imports/")
    page.set_input_files("[name=file]", file)
    page.click("#upload-form button[type=submit]")
    page.wait_for_selector("#mapping-form")
    page.click("button >> text=Check")
    page.wait_for_selector("#import-progress progress")
    assert page.inner_text(".page-head .pill") == "Being checked"
    page.click("#import-progress button >> text=Cancel")
    page.click("dialog button >> text=Stop it")
    page.wait_for_selector("#mapping-form")
    assert Load.objects.get().state == "uploaded"

    page.click("button >> text=Check")
    page.wait_for_selector("#import-progress progress")
    page.goto("/imports/")  # Whoever leaves finds it again.
    work_off()
    page.click("text=many.csv")
    page.wait_for_selector("#checked-title")
    numbers = page.locator("#import-check .counts dd").all_inner_texts()
    assert numbers == ["1,199", "0", "0", "1"]
    with page.expect_download() as download:
        page.click("text=Download rejected rows")
    rejected = tmp_path / "rejected.csv"
    download.value.save_as(rejected)
    with rejected.open(encoding="utf-8-sig", newline="") as mended:
        assert [row[:3] for row in csv.reader(mended)][1:] == [
            ["nobody", "fair", "1152"]
        ]
    assert leads() == []

    page.select_option("#id_column-1", "")
    page.wait_for_selector("#import-check .counts", state="detached")
    assert Load.objects.get().state == "uploaded"

    page.click("text=Start loading")
    page.wait_for_selector("#import-progress progress")
    work_off()
    assert counts(page) == [1_199, 0, 0, 1]
