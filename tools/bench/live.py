"""How long until open screens show a change, while a hundred leads arrive a second.

Real browsers hold the list of leads open; batches of leads come in over the API. A
change is shown when the newest lead on the screen is the batch's last one, or newer.
Beside it stands what the two web processes hold in memory afterwards.
"""

import http.client
import json
import shutil
import statistics
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from alignment.engines import ports
from alignment.engines.temporary import temporary
from tools.bench.api import environment, manage, serve, wait_until_well

SCREENS = 4
BATCHES, EACH, EVERY = 80, 25, 0.25
"""Leads in batches of 25, four times a second, for twenty seconds."""

_WATCH = """() => {
  window.seen = [];
  const look = () => {
    const found = document.querySelector("#lead-rows")?.innerText.match(/Live (\\d+)/);
    const newest = found ? Number(found[1]) : 0;
    if (newest > (seen.at(-1)?.[0] ?? 0)) seen.push([newest, Date.now() / 1000]);
  };
  new MutationObserver(look).observe(
    document.body, {subtree: true, childList: true, characterData: true});
}"""


def main() -> list[tuple[str, str, str, str]]:
    """Run it; return rows of (path, ours, bare, ratio)."""
    with temporary(on_disk=True) as engines:
        port = ports.any_free()
        env = environment(engines, port)
        manage(env, "migrate", "-v0", "--run-syncdb")
        manage(env, "collectstatic", "--noinput", "-v0")
        access = json.loads(manage(env, "access", "--json"))
        web = serve(env, port)
        try:
            wait_until_well(port)
            with _screens(port, access["users"]) as pages:
                told = _arrive(port, access["token"])
                time.sleep(5)
                delays = [each for page in pages for each in _delays(page, told)]
            return [_told(delays), _memory(web)]
        finally:
            web.terminate()
            web.wait()


@contextmanager
def _screens(port: int, users: list[dict[str, str]]) -> Iterator[list[Page]]:
    """Open the list of leads as several people."""
    with sync_playwright() as driver:
        path = shutil.which("chromium") or shutil.which("chromium-browser")
        browser = driver.chromium.launch(executable_path=path, args=["--no-sandbox"])
        people = [user for user in users if user["role"] != "integration"]
        yield [_open(browser, port, person) for person in people[:SCREENS]]
        browser.close()


def _open(browser: Browser, port: int, person: dict[str, str]) -> Page:
    page = browser.new_context(base_url=f"http://127.0.0.1:{port}").new_page()
    page.goto("/leads/")
    page.fill("[name=login]", person["email"])
    page.fill("[name=password]", person["password"])
    page.press("[name=password]", "Enter")
    page.wait_for_selector("#lead-rows")
    page.evaluate(_WATCH)
    return page


def _arrive(port: int, token: str) -> list[tuple[int, float]]:
    """Send the batches; return the last number of each and when it was answered."""
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    told, begun = [], time.monotonic()
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=30)) as caller:
        for number in range(BATCHES):
            time.sleep(max(0.0, begun + number * EVERY - time.monotonic()))
            first = number * EACH + 1
            items = [_lead(n) for n in range(first, first + EACH)]
            body = json.dumps({"items": items})
            caller.request("POST", "/api/v1/leads/batch/", body, headers)
            answer = caller.getresponse()
            text = answer.read()
            if answer.status != http.HTTPStatus.OK:
                raise RuntimeError(text.decode()[:500])
            told.append((first + EACH - 1, time.time()))
    return told


def _lead(number: int) -> dict[str, str]:
    name = {"first_name": "Live", "last_name": str(number)}
    return {"email": f"live{number}@example.com", "stage": "mql", **name}


def _delays(page: Page, told: list[tuple[int, float]]) -> list[float]:
    """Return for each batch the seconds until the screen was as new as it."""
    seen: list[tuple[int, float]] = page.evaluate("seen")
    return [
        next((max(0.0, at - then) for newest, at in seen if newest >= last), 60.0)
        for last, then in told
    ]


def _told(delays: list[float]) -> tuple[str, str, str, str]:
    p95 = statistics.quantiles(delays, n=20)[-1]
    median = statistics.median(delays)
    return (
        f"change on {SCREENS} open screens, {EACH / EVERY:.0f} leads a second",
        f"p50 {median:.2f} s, p95 {p95:.2f} s",
        "-",
        "(p95 at most 2 s)",
    )


def _memory(web: subprocess.Popen[bytes]) -> tuple[str, str, str, str]:
    """Sum what belongs to the server's processes, shared pages split between them."""
    kib = sum(_pss(pid) for pid in [web.pid, *_children(web.pid)])
    return (
        "web memory, 2 processes",
        f"{kib / 1024:.0f} MiB",
        "-",
        "(at most 200 MiB)",
    )


def _children(pid: int) -> list[int]:
    found = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    direct = [int(each) for each in found]
    return [*direct, *(n for each in direct for n in _children(each))]


def _pss(pid: int) -> int:
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
