"""A file comes in: what it may be, who may bring it, what is kept of it."""

from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from foundation.accounts.enums import Role
from integrations.actions import uploads, work
from integrations.domain.kinds import KINDS
from integrations.domain.samples import sample_file
from integrations.models import Load, RememberedMapping
from integrations.queries.heads import head_of
from leads.models import Lead
from tests.factories.accounts import make_user
from tests.factories.integrations import AT, make_load, make_upload, work_off
from tests.integrations.domain.files import with_cells

pytestmark = pytest.mark.django_db
UPLOAD = "/imports/upload/"
LEADS = b"email,source\nana@example.com,webinar\n"


def sent(content=LEADS, name="leads.csv", kind="leads"):
    return {"kind": kind, "file": SimpleUploadedFile(name, content)}


def stored():
    return (
        default_storage.listdir("loads")[1] if default_storage.exists("loads") else []
    )


def said(answer):
    """The sentences beside the field of the file."""
    return answer.context["form"].errors["file"]


def test_a_file_is_kept_under_a_name_of_ours_and_read_as_its_columns_suggest(
    asking, maria
):
    before = set(stored())
    answer = asking.post(UPLOAD, sent(name="../../etc/pass<b>wd.csv"))

    load = Load.objects.get()
    assert answer.url == f"/imports/{load.pk}/"
    assert (load.file_name, load.by, load.state) == ("pass<b>wd.csv", maria, "uploaded")
    assert load.maps == ["email=email", "source=source"]
    assert (load.rows, load.size, load.header) == (0, len(LEADS), ["email", "source"])
    with default_storage.open(load.stored_as) as file:
        assert file.read() == LEADS
    folder, _, name = load.stored_as.partition("/")
    assert (folder, len(name), name.isalnum()) == ("loads", 32, True)
    assert set(stored()) - before == {name, f"{name}.head"}
    assert b"pass&lt;b&gt;wd.csv" in asking.get(answer.url).content


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"%PDF-1.7 ...", "PDF document"),
        (b"", "The file is empty"),
        (b"<html><body>x</body></html>", "web page"),
        (b"email,email\na,b\n", "both named"),
        (b"PK\x03\x04broken", "damaged"),
    ],
)
def test_what_is_no_table_is_refused_in_words_and_not_kept(asking, content, says):
    before = stored()
    answer = asking.post(UPLOAD, sent(content))

    assert answer.status_code == 422
    assert says in said(answer)[0]
    assert stored() == before
    assert not Load.objects.exists()


def test_a_bomb_is_refused(asking):
    packed = BytesIO()
    with ZipFile(packed, "w", ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 30_000_000)
    answer = asking.post(UPLOAD, sent(packed.getvalue(), "leads.xlsx"))

    assert answer.status_code == 422
    assert "unpacks to more than this program takes" in said(answer)[0]


def test_the_content_decides_and_not_the_suffix(asking):
    asking.post(UPLOAD, sent(name="leads.xlsx"))

    head = head_of(Load.objects.get())
    assert head
    assert head.rows == [(2, ["ana@example.com", "webinar"], None)]


def test_a_file_beyond_the_limit_is_dropped_with_a_sentence(asking, settings):
    settings.IMPORT_MAX_BYTES = 100_000
    before = stored()
    answer = asking.post(UPLOAD, sent(LEADS + b"x@example.com,y\n" * 20_000))

    assert answer.status_code == 422
    assert "larger than 97.7" in said(answer)[0]
    assert answer.context["chosen"] == "leads"
    assert stored() == before


def test_several_files_together_are_not_more_than_the_limit(asking, settings):
    settings.IMPORT_MAX_BYTES = 150_000
    half = LEADS + b"x@example.com,y\n" * 6_000
    other = SimpleUploadedFile("a.csv", half)
    answer = asking.post(UPLOAD, {"kind": "leads", "other": other, **sent(half)})

    assert "larger than" in said(answer)[0]


def test_without_a_file_or_with_a_kind_that_is_none(asking):
    assert said(asking.post(UPLOAD, {"kind": "leads"})) == ["Choose a file."]
    answer = asking.post(UPLOAD, sent(kind="secrets"))
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["kind"])


def test_whoever_may_not_load_files_leaves_nothing_behind(client):
    before = stored()
    client.force_login(make_user(Role.SALES_REP))

    assert client.post(UPLOAD, sent()).status_code == 403
    assert (stored(), Load.objects.count()) == (before, 0)


def test_a_form_of_another_site_is_refused(maria):
    client = Client(enforce_csrf_checks=True)
    client.force_login(maria)

    assert client.post(UPLOAD, sent()).status_code == 403
    client.get("/imports/")
    token = {"csrfmiddlewaretoken": client.cookies["csrf"].value}
    assert client.post(UPLOAD, {**token, **sent()}).status_code == 302


def test_a_file_with_known_columns_is_read_as_the_last_one_was(maria):
    first = make_upload(maria, "who?,x\nana@example.com,1\n")
    RememberedMapping.objects.create(
        kind="leads",
        fingerprint="4" * 64,
        maps=["email=other"],
        time_zone="UTC",
        used_at=AT,
    )
    assert first.maps == []
    first.maps, first.leave_out, first.time_zone = ["email=who?"], ["x"], "Asia/Tokyo"
    first.save()
    work.begin(first, by=maria, at=AT)

    again = make_upload(maria, "x,who?\n2,jan@example.com\n")
    assert (again.maps, again.leave_out) == (["email=who?"], ["x"])
    assert again.time_zone == "Asia/Tokyo"


@pytest.mark.parametrize("cells", [("25/03/2026", "day"), ("03/25/2026", "month")])
def test_what_comes_first_in_dates_is_told_by_the_dates(maria, cells):
    text, first = cells
    load = make_upload(maria, f"email,created_at\na@example.com,{text}\n")

    assert load.slashes == first


def test_every_sample_is_loaded_as_it_is(asking, maria):
    for kind in KINDS:
        page = asking.get(f"/imports/kinds/{kind}/")
        assert page.status_code == 200
        sample = asking.get(f"/imports/kinds/{kind}/sample/")
        assert sample["Content-Disposition"].startswith("attachment")
        load = make_load(maria, sample.content, kind=kind)
        told = list(load.errors.values_list("row", "column", "message"))
        assert (kind, told) == (kind, [])
        assert load.created == len(sample_file(kind).splitlines()) - 1
    assert Lead.objects.count() == 2
    assert asking.get("/imports/kinds/secrets/").status_code == 404


def test_the_list_says_who_loaded_what_and_what_became_of_it(asking, maria):
    make_load(maria, "email\nana@example.com\nbad\n", name="march.csv")
    text = " ".join(asking.get("/imports/").content.decode().split())

    assert "march.csv</a>" in text
    assert '<td data-label="Kind">Leads</td>' in text
    assert '<span class="pill good">Loaded</span>' in text
    assert '<td class="num" data-label="Created">1</td>' in text
    assert '<td class="num" data-label="Rejected">1</td>' in text
    assert '<td data-label="By">Maria Marketing</td>' in text


def test_the_list_asks_as_much_for_one_load_as_for_many(asking, maria, count_queries):
    make_upload(maria)
    one = count_queries(asking.get, "/imports/")
    for _ in range(3):
        make_upload(make_user(Role.MARKETER))

    assert count_queries(asking.get, "/imports/") == one


def test_the_list_is_asked_again_while_a_load_goes_on(asking, maria):
    make_upload(maria)
    assert b'hx-trigger="every' not in asking.get("/imports/").content
    load = make_upload(maria)
    work.begin(load, by=maria, at=AT)
    assert b'hx-trigger="every 2s"' in asking.get("/imports/").content
    work_off()
    assert b"hx-trigger" not in asking.get("/imports/rows/").content


def test_those_who_may_not_see_no_way_in(client):
    client.force_login(make_user(Role.SALES_REP))
    assert b'href="/imports/"' not in client.get("/leads/").content
    client.force_login(make_user(Role.MARKETER))
    assert b'href="/imports/"' in client.get("/leads/").content


def test_a_workbook_with_nuls_is_taken_in_and_its_rows_are_rejected(maria):
    rows = [("email", "so_x0000_urce"), ("a@gmail.com", "x_x0000_y")]
    data = with_cells("".join(row(n, *cells) for n, cells in enumerate(rows, 1)))
    load = make_load(maria, data, name="leads.xlsx", maps=["source=so\x1aurce"])

    assert load.header == ["email", "so\x1aurce"]
    told = load.errors.values_list("row", "code", "cells")
    assert list(told) == [(2, "control_character", ["a@gmail.com", "x\x1ay"])]


def row(number, *texts):
    cells = [
        f'<c r="{letter}{number}" t="inlineStr"><is><t>{text}</t></is></c>'
        for letter, text in zip("AB", texts, strict=True)
    ]
    return f'<row r="{number}">{"".join(cells)}</row>'


def test_a_file_on_its_way_lies_beside_those_that_have_come(
    asking, tmp_path, settings, monkeypatch
):
    """Not in a folder that may be memory, and not when nothing comes of it."""
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path / "not there")
    seen = []
    receive = uploads.receive

    def watched(kind, file, **about):
        seen.append(file.temporary_file_path())
        return receive(kind, file, **about)

    monkeypatch.setattr(uploads, "receive", watched)
    assert asking.post(UPLOAD, sent()).status_code == 302
    assert asking.post(UPLOAD, sent(b"%PDF")).status_code == 422
    assert [path.startswith(default_storage.path("loads/")) for path in seen] == [
        True,
        True,
    ]
    assert [name for name in stored() if name.endswith(".arriving")] == []
