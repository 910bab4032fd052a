"""Read a load's file as its mapping says, chunk by chunk, beside the writing."""

import queue
import threading
from collections.abc import Generator, Iterator
from contextlib import closing, suppress
from itertools import islice
from typing import Any, cast

from integrations.domain.mapping import Mapping, zone_of
from integrations.domain.rows import Batch, convert
from integrations.domain.tables import Row, Table
from integrations.domain.values import Reading
from integrations.models import Load

CHUNK_ROWS = 25_000
FIRST_ROWS = 5_000
"""The first chunk is small: nothing can be written before it has been read."""
_AHEAD = 2
_PATIENCE_SECONDS = 0.2


def mapping_of(load: Load) -> Mapping:
    """Return how the load's file is read.

    Raises:
        BadMapping: with everything that does not fit together.
    """
    reading = Reading(
        zone=zone_of(load.time_zone),
        country=load.country,
        slashes=cast("Any", load.slashes),
        decimal=cast("Any", load.decimal_mark),
    )
    return Mapping.resolve(
        load.kind,
        load.header,
        load.maps,
        load.defaults,
        leave_out=load.leave_out,
        reading=reading,
    )


def batches(mapping: Mapping, table: Table, *, after: int = 0) -> Generator[Batch]:
    """Yield the file's rows chunk by chunk; the next is read while one is written.

    ``after`` rows were taken before and are passed over.
    """
    with closing(table.rows()) as rows:
        remaining = islice(rows, after, None)
        with closing(_ahead(_chunks(mapping, remaining))) as read:
            yield from read


def _chunks(mapping: Mapping, rows: Iterator[Row]) -> Iterator[Batch]:
    first = min(FIRST_ROWS, CHUNK_ROWS)
    yield from convert(mapping, islice(rows, first), size=first)
    yield from convert(mapping, rows, size=CHUNK_ROWS)


def _ahead(batches: Iterator[Batch]) -> Generator[Batch]:
    """Let a thread of its own do the reading; PostgreSQL works meanwhile."""
    ready: queue.Queue[Batch | BaseException | None] = queue.Queue(_AHEAD)
    stopping = threading.Event()
    thread = threading.Thread(
        target=_read, args=(batches, ready, stopping), name="reading", daemon=True
    )
    thread.start()
    try:
        while (item := ready.get()) is not None:
            if isinstance(item, BaseException):
                raise item
            yield item
    finally:
        stopping.set()
        thread.join()


def _read(
    batches: Iterator[Batch],
    ready: "queue.Queue[Batch | BaseException | None]",
    stopping: threading.Event,
) -> None:
    def hand_over(item: Batch | BaseException | None) -> None:
        while not stopping.is_set():
            with suppress(queue.Full):
                ready.put(item, timeout=_PATIENCE_SECONDS)
                return

    try:
        for batch in batches:
            hand_over(batch)
            if stopping.is_set():
                return
        hand_over(None)
    except BaseException as error:  # noqa: BLE001 -- raised again by whoever waits
        hand_over(error)
