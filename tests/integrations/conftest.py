import json
from io import StringIO

import pytest
from django.core.management import call_command


@pytest.fixture
def load_file(tmp_path, db):
    """Load a text (or bytes, or a path) by the command and return its answer."""

    def load(kind, content, *words, name="file.csv", **options):
        path = content
        if isinstance(content, (str, bytes)):
            path = tmp_path / name
            text = content if isinstance(content, bytes) else content.encode()
            path.write_bytes(text)
        answer = StringIO()
        call_command(
            "load", kind, str(path), *words, "--json", stdout=answer, **options
        )
        return json.loads(answer.getvalue())

    return load


@pytest.fixture
def counts():
    """Return created, updated, unchanged and rejected of an answer."""

    def told(answer):
        names = ("created", "updated", "unchanged", "rejected")
        return tuple(answer[name] for name in names)

    return told
