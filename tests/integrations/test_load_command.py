import json
from io import StringIO

import pytest
from django.core.management import call_command

from leads.models import Lead

pytestmark = pytest.mark.django_db


@pytest.fixture
def load(tmp_path):
    """Load a text by the command; return what it says, and what it says beside."""

    def run(text, *words):
        path = tmp_path / "file.csv"
        path.write_text(text)
        out, err = StringIO(), StringIO()
        call_command("load", "leads", str(path), *words, stdout=out, stderr=err)
        return out.getvalue(), err.getvalue()

    return run


@pytest.mark.parametrize("words", [["--json"], [], ["--dry-run"]])
def test_columns_that_nothing_reads_are_named(load, words):
    """Somebody loaded five thousand leads without a column they thought was read."""
    told, beside = load("email,Shoe size,Hat\na@b.co,42,8\n", *words)

    assert beside == "Columns left out: Shoe size, Hat\n"
    assert Lead.objects.count() == (0 if "--dry-run" in words else 1)
    if "--json" in words:
        names = ["rows", "created", "updated", "unchanged", "rejected", "errors"]
        assert list(json.loads(told)) == names


def test_nothing_is_said_where_every_column_is_read(load):
    assert load("email\na@b.co\n", "--json")[1] == ""
