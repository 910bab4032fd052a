"""Open Today and the Numbers, with the example company and with many more leads.

Each page is opened as the browser does it, regions included. "kept" is what a reader
waits for: the figures of this ledger position are worked out already. "anew" is what a
worker needs after something has changed, or a reader who comes before it. Few and many
are measured in turn, first what is kept: working out anew leaves the machine busy.
"""

import json
import statistics
import sys
import time
from collections.abc import Callable, Sequence

from tools.bench.company import COPIES, Place, example, multiply

OPENED, ANEW, TURNS = 15, 1, 3
TODAY = ("/", "/numbers/today/")
PAGES = {"Today": TODAY, "Numbers": ("/numbers/",)}


def main(copies: int = COPIES) -> list[tuple[str, str, str, str]]:
    """Run it; return rows of (path, many leads, few leads, ratio)."""
    with example() as small, example() as large:
        leads = multiply(large.url, copies)
        return measured(small, large, leads)


def measured(small: Place, large: Place, leads: int) -> list[tuple[str, str, str, str]]:
    """Measure both in turn; return the rows of the table."""
    told = [(_measured(large), _measured(small)) for _ in range(TURNS)]
    many, few = (_medians(turns) for turns in zip(*told, strict=True))
    return [row for name in PAGES for row in _rows(name, leads, many, few)]


type Figures = dict[str, dict[str, float]]


def _medians(turns: Sequence[Figures]) -> Figures:
    return {
        name: {
            way: statistics.median(found[name][way] for found in turns)
            for way in turns[0][name]
        }
        for name in PAGES
    }


def _rows(
    name: str, leads: int, many: Figures, few: Figures
) -> list[tuple[str, str, str, str]]:
    known = {
        "kept": "p50, at most 60 ms; at most 1.33",
        "cpu": "of it CPU of the process",
        "anew": "worked out after a change",
    }
    return [
        (
            f"{name}, {leads} leads beside 6000: {words}",
            f"{many[name][way]:.0f} ms",
            f"{few[name][way]:.0f} ms",
            f"{many[name][way] / few[name][way]:.2f}",
        )
        for way, words in known.items()
    ]


def _measured(place: Place) -> Figures:
    found: Figures = json.loads(place.run("-m", "tools.bench.pages").splitlines()[-1])
    return found


def inside() -> Figures:
    """Measure in this process, on the database that its environment names."""
    import django  # noqa: PLC0415 -- only where there is a database

    django.setup()
    from django.test import Client  # noqa: PLC0415

    from foundation.accounts.models import User  # noqa: PLC0415
    from kpis.actions import facts  # noqa: PLC0415

    facts.refresh_all()
    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(User.objects.get(email=_address()))
    return {name: _timed(client.get, places) for name, places in PAGES.items()}


def _address() -> str:
    from foundation.accounts.models import User  # noqa: PLC0415

    people = User.objects.filter(is_active=True, role="head_of_sales")
    return str(people.values_list("email", flat=True)[0])


def _timed(get: Callable[[str], object], places: tuple[str, ...]) -> dict[str, float]:
    from kpis.models import Scorecard, Sheet  # noqa: PLC0415

    def opened() -> float:
        begun = time.perf_counter()
        for place in places:
            get(place)
        return (time.perf_counter() - begun) * 1_000

    def anew() -> float:
        Sheet.objects.all().delete()
        Scorecard.objects.filter(pinned_at__isnull=True).delete()
        return opened()

    opened()
    begun = time.process_time()
    told = {"kept": statistics.median(opened() for _ in range(OPENED))}
    told["cpu"] = (time.process_time() - begun) * 1_000 / OPENED
    told["anew"] = statistics.median(anew() for _ in range(ANEW))
    return told


if __name__ == "__main__":
    print(json.dumps(inside()))
    sys.exit()
