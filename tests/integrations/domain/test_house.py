"""What holds for the whole of the folder."""

import re
import subprocess
import sys
import time
from pathlib import Path

from integrations.domain.mapping import Mapping
from integrations.domain.rows import convert
from integrations.domain.sentences import SENTENCES
from integrations.domain.tables import open_table
from integrations.domain.values import Reading
from tests.integrations.domain.files import csv_bytes, written

ROOT = Path(__file__).parents[3]
FOLDER = ROOT / "integrations" / "domain"
SOURCES = [path for path in FOLDER.rglob("*.py") if path.name != "sentences.py"]


def test_files_can_be_read_where_there_is_no_framework():
    modules = [
        ".".join(path.relative_to(ROOT).with_suffix("").parts) for path in SOURCES
    ]
    blocked = "import sys; sys.modules.update(django=None, celery=None)"
    script = f"{blocked}; import {', '.join(modules)}".replace(".__init__", "")

    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=False)

    assert done.returncode == 0


def test_every_sentence_is_said_somewhere():
    said = set(re.findall(r'"([a-z0-9_]+)"', "".join(p.read_text() for p in SOURCES)))

    assert set(SENTENCES) - said == set()


def test_every_sentence_ends_like_one_and_can_be_filled_in():
    for code, sentence in SENTENCES.items():
        assert re.fullmatch(r"[a-z0-9_]+", code)
        assert sentence.endswith((".", "?", "%(reason)s")), code
        names = re.findall(r"%\((\w+)\)s", sentence)
        assert sentence.count("%") == len(names), code


def test_reading_leads_takes_seconds_for_a_hundred_thousand(tmp_path):
    """The import line of the speed document leaves about two seconds for this part.

    A tenth of the rows, in time of the processor, with room for a slow machine.
    """
    header = ["external_id", "email", "phone", "first_name", "last_name", "company"]
    rows = [
        *(
            [
                f"x-{n}",
                f"P{n}@Example.com",
                f"+40 722 {n:06}",
                "Ștefan",
                "Pop",
                f"F {n}",
            ]
            for n in range(10_000)
        ),
    ]
    path = written(tmp_path, csv_bytes([header, *rows]))
    started = time.process_time()

    opened = open_table(path)
    mapping = Mapping.resolve(
        "leads", opened.header, (), ["external_system=crm"], reading=Reading()
    )
    accepted = sum(len(batch.accepted) for batch in convert(mapping, opened.rows()))

    assert accepted == 10_000
    assert time.process_time() - started < 1
