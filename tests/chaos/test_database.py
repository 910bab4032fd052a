"""R12: the database server is killed under writes. Nothing half done, nothing lost."""

import http.client
import json
import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import closing
from pathlib import Path

import psycopg2
import pytest

from alignment.engines import engine, ports
from alignment.engines.postgres import Postgres
from alignment.engines.temporary import folder
from tests.chaos.crew import ROOT

pytestmark = pytest.mark.chaos
WRITERS = 4
KILLS = 3


@pytest.fixture
def server():
    """A durable PostgreSQL of our own, and a way to kill it and start it again."""
    with folder(on_disk=True) as data:
        postgres = Postgres(Path(data))
        holder = [engine.start(postgres)]

        def kill():
            pid = int((Path(data) / "postgres/postmaster.pid").read_text().split()[0])
            os.kill(pid, signal.SIGKILL)
            holder[0].kill()
            time.sleep(0.3)
            holder[0] = engine.start(postgres)

        yield postgres, kill, Path(data)
        holder[0].stop()


def manage(env, *words):
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "manage.py", *words],
        cwd=ROOT,
        env=env,
        check=True,
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
    )
    return done.stdout


def test_killing_the_database_leaves_no_half_operation(server):
    postgres, kill, data = server
    port = ports.any_free()
    env = {
        **os.environ,
        "DATABASE_URL": postgres.url(),
        "ALIGNMENT_DATA": str(data / "files"),
        "ALIGNMENT_URL": f"http://127.0.0.1:{port}",
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "API_REQUESTS_PER_MINUTE": "10000000",
    }
    manage(env, "migrate", "-v0")
    token = json.loads(manage(env, "access", "--json"))["token"]
    words = f"granian --interface wsgi --no-ws --port {port} --workers 2"
    log = (data / "web.log").open("wb")
    web = subprocess.Popen(
        [sys.executable, "-m", *words.split(), "alignment.wsgi:application"],
        cwd=ROOT,
        env=env,
        stdout=log,
        stderr=log,
    )
    made: list[str] = []
    stop = threading.Event()
    try:
        _wait_for(lambda: _post(port, token, "first@example.com"))
        threads = [
            threading.Thread(target=_write, args=(n, port, token, made, stop))
            for n in range(WRITERS)
        ]
        for thread in threads:
            thread.start()
        for number in range(1, KILLS + 1):
            _wait_for(lambda number=number: len(made) > 25 * number)
            kill()
            before = len(made)
            _wait_for(lambda before=before: len(made) > before + 5)
        stop.set()
        for thread in threads:
            thread.join()
    finally:
        stop.set()
        web.terminate()  # a killed server would leave its workers behind
        web.wait()
        log.close()

    assert "The ledger is sound" in manage(env, "verify_ledger")
    with closing(psycopg2.connect(postgres.url())) as line, line.cursor() as cursor:
        cursor.execute("SELECT email_folded FROM leads_lead")
        there = {row[0] for row in cursor.fetchall()}
        cursor.execute(_HALVES)
        halves = cursor.fetchone()
    assert set(made) - there == set()
    assert halves == (len(there), len(there), len(there), 2 * len(there), 0)


_HALVES = """
    SELECT (SELECT count(*) FROM leads_stagechange WHERE to_stage = 'lead'),
        (SELECT count(*) FROM leads_stagechange WHERE to_stage = 'mql'),
        (SELECT count(*) FROM ledger_event WHERE kind = 'leads.lead.created'),
        (SELECT count(*) FROM sla_clock),
        (SELECT count(*) FROM ledger_entry WHERE position IS NULL)
"""


def _write(number, port, token, made, stop):
    count = 0
    while not stop.is_set():
        count += 1
        email = f"writer{number}-{count}@example.com"
        if _post(port, token, email):
            made.append(email)


def _post(port, token, email):
    """Send one lead; tell whether it was acknowledged."""
    body = json.dumps({"email": email, "stage": "mql"})
    headers = {
        "Authorization": f"Bearer {token}",
        "Content-Type": "application/json",
    }
    try:
        with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=20)) as line:
            line.request("POST", "/api/v1/leads/", body, headers)
            return line.getresponse().status == http.HTTPStatus.CREATED
    except (OSError, http.client.HTTPException):
        time.sleep(0.05)
        return False


def _wait_for(done, seconds=90):
    limit = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < limit, "It took too long."
        time.sleep(0.05)
