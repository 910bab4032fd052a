"""Create a lead over the API, and list fifty, beside the bare view in the same run."""

import http.client
import json
import os
import statistics
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import psycopg2

from alignment.engines import ports
from alignment.engines.temporary import Addresses, temporary

ROOT = Path(__file__).parents[2]
CONNECTIONS = 8
CREATES = 1_200
LISTS = 200
FILL = 100_000


def main() -> list[tuple[str, str, str, str]]:
    """Run it; return rows of (path, ours, bare, ratio)."""
    with temporary(on_disk=True) as engines:
        port = ports.any_free()
        env = environment(engines, port)
        manage(env, "migrate", "-v0", "--run-syncdb")
        token = json.loads(manage(env, "access", "--json"))["token"]
        _fill(engines.database_url)
        python(env, "-m", "tools.bench.defining")
        web = serve(env, port)
        try:
            wait_until_well(port)
            return _measure(port, token)
        finally:
            web.terminate()
            web.wait()


def environment(engines: Addresses, port: int) -> dict[str, str]:
    """Return the variables of a server on these engines and this port."""
    return {
        **os.environ,
        "DATABASE_URL": engines.database_url,
        "REDIS_URL": engines.redis_url,
        "ALIGNMENT_DATA": str(engines.data / "files"),
        "ALIGNMENT_URL": f"http://127.0.0.1:{port}",
        "SECRET_KEY": "only-for-measuring-" + "x" * 40,
        "DJANGO_SETTINGS_MODULE": "tools.bench.settings",
    }


_FILL = """
    INSERT INTO bench_barelead
        (email, first_name, last_name, source, country, stage, created_at)
    SELECT 'x' || i || '@example.com', 'Ana', 'Pop', 's' || i % 20, 'RO',
        (ARRAY['lead', 'mql', 'sal'])[1 + i % 3], now()
    FROM generate_series(1, {n}) i;
    INSERT INTO leads_lead
        (external_system, external_id, email, email_folded, phone, first_name,
         last_name, job_title, language, source, segment, country, priority,
         do_not_contact, exclusion, stage, round, stage_since_at, created_at)
    SELECT '', '', 'x' || i || '@example.com', 'x' || i || '@example.com', '', 'Ana',
        'Pop', '', '', 's' || i % 20, '', 'RO', 0, false, '',
        (ARRAY['lead', 'mql', 'sal'])[1 + i % 3], 0, now(), now()
    FROM generate_series(1, {n}) i;
    ANALYZE;
"""


def _fill(url: str) -> None:
    with closing(psycopg2.connect(url)) as connection, connection.cursor() as cursor:
        cursor.execute(_FILL.replace("{n}", str(FILL)))
        connection.commit()


def manage(env: dict[str, str], *words: str) -> str:
    """Run a command of ``manage.py`` and return what it printed."""
    return python(env, "manage.py", *words)


def python(env: dict[str, str], *words: str) -> str:
    """Run Python and return what it printed."""
    command = [sys.executable, "-W", "ignore", *words]
    done = subprocess.run(
        command,
        cwd=ROOT,
        env=env,
        check=True,
        stdout=subprocess.PIPE,
        stdin=subprocess.DEVNULL,
        text=True,
    )
    return done.stdout


def serve(env: dict[str, str], port: int) -> subprocess.Popen[bytes]:
    """Start the web server as the product does, with two processes."""
    words = (
        f"granian --interface wsgi --no-ws --host 127.0.0.1 --port {port} --workers 2 "
        "--blocking-threads 4 --log-level warning alignment.wsgi:application"
    )
    command = [sys.executable, "-m", *words.split()]
    return subprocess.Popen(command, cwd=ROOT, env=env)


def wait_until_well(port: int) -> None:
    """Return once the server answers; a minute at most."""
    limit = time.monotonic() + 60
    while time.monotonic() < limit:
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
            connection.request("GET", "/health/")
            if connection.getresponse().status == http.HTTPStatus.OK:
                return
        except OSError:
            time.sleep(0.2)
    raise TimeoutError


def _measure(port: int, token: str) -> list[tuple[str, str, str, str]]:
    bare, ours = _Caller(port, token, "/bare/"), _Caller(port, token, "/api/v1/leads/")
    for warm in (bare, ours):
        warm.create(40)
    creates = {"bare": 0.0, "ours": 0.0}
    for _ in range(3):
        creates["bare"] += bare.create(CREATES // 3)
        creates["ours"] += ours.create(CREATES // 3)
    rate = {name: CREATES / seconds for name, seconds in creates.items()}
    query = "?stage=mql&source=s7"
    lists = {"bare": bare.read(query), "ours": ours.read(query)}
    return [
        (
            f"create one lead that qualifies, {CONNECTIONS} connections",
            f"{rate['ours']:.0f}/s",
            f"{rate['bare']:.0f}/s",
            f"{rate['ours'] / rate['bare']:.2f} (at least 0.4)",
        ),
        (
            f"filtered list of 50 of {FILL}",
            f"{lists['ours']:.1f} ms",
            f"{lists['bare']:.1f} ms",
            f"{lists['ours'] / lists['bare']:.2f} (at most 2)",
        ),
    ]


class _Caller:
    """Eight persistent connections that call one address."""

    def __init__(self, port: int, token: str, path: str) -> None:
        self.port, self.path, self.number = port, path, 0
        self.headers = {
            "Authorization": f"Bearer {token}",
            "Content-Type": "application/json",
        }

    def create(self, count: int) -> float:
        """Create leads on all connections at once; return the seconds it took."""
        start, each = self.number, count // CONNECTIONS
        self.number += each * CONNECTIONS
        begun = time.perf_counter()
        with ThreadPoolExecutor(CONNECTIONS) as pool:
            list(
                pool.map(
                    lambda n: self._create_on_one(range(n, n + each)),
                    range(start, start + each * CONNECTIONS, each),
                )
            )
        return time.perf_counter() - begun

    def _create_on_one(self, numbers: range) -> None:
        def body(number: int) -> bytes:
            return json.dumps(
                {
                    "email": f"new{number}@example.com",
                    "first_name": "Ana",
                    "last_name": "Pop",
                    "source": "webinar",
                    "country": "RO",
                }
            ).encode()

        self._calls(
            [("POST", self.path, body(number)) for number in numbers], wanted=201
        )

    def read(self, query: str) -> float:
        """Return the median milliseconds of a list."""
        times = self._calls([("GET", self.path + query, None)] * LISTS, wanted=200)
        return statistics.median(times) * 1_000

    def _calls(
        self, calls: list[tuple[str, str, bytes | None]], *, wanted: int
    ) -> list[float]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        times = []
        for method, path, body in calls:
            begun = time.perf_counter()
            connection.request(method, path, body, self.headers)
            answer = connection.getresponse()
            text = answer.read()
            times.append(time.perf_counter() - begun)
            if answer.status != wanted:
                raise RuntimeError(text.decode()[:500])
        return times
