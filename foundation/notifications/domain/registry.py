"""What can be told: kinds of notices, their words, and which events lead to them.

Apps above register here; nothing here knows any of them. Three things are registered:
a `Kind` with the words readers see, a function that says who hears of an event, and one
function that says when people work.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

type Coded = Mapping[str, str | int | bool | None]
type Text = object
"""A text that is translated when it is shown."""


class Happened(NamedTuple):
    """An event of the ledger, with what its entry says of it.

    ``actor`` is the person who did it, None for the product itself; ``at`` is when it
    was written down; ``entry`` is the entry's id.
    """

    id: int
    kind: str
    subject: int
    data: Coded
    actor: int | None
    at: datetime
    cause: str
    entry: int


class Telling(NamedTuple):
    """That somebody is told something. The same ``cause`` is told to nobody twice.

    ``subject`` is what the notice is about, as type and id; ``data`` holds coded values
    and references, never names, addresses or free text; ``at`` is when it happened.
    """

    recipient: int
    kind: str
    cause: int
    subject: tuple[str, int]
    at: datetime
    data: Coded = {}


class About(NamedTuple):
    """What a notice is about, for whoever puts it into words."""

    id: int
    subject: int
    data: Coded
    at: datetime


class Words(NamedTuple):
    """A notice in the reader's language: one sentence, what else, where to look."""

    title: str
    note: str
    url: str


type Read = Callable[[Sequence[About]], Mapping[int, Words]]
type Tell = Callable[[Sequence[Happened]], Iterable[Telling]]
type Openings = Callable[[Mapping[int, datetime]], Mapping[int, datetime]]


@dataclass(frozen=True)
class Kind:
    """A kind of notice.

    ``label`` names it among a person's choices; ``count`` says how many there are of
    it; ``read`` puts many of them into words in a constant number of statements and
    leaves out those whose subject is gone; ``roles`` can get it; ``mail`` is how they
    do by e-mail while they have not chosen.
    """

    name: str
    label: Text
    count: Callable[[int], str]
    read: Read
    roles: Collection[str]
    mail: str = "at_once"


KINDS: dict[str, Kind] = {}
TELLERS: dict[str, list[Tell]] = {}
HOURS: list[Openings] = []


def kind(new: Kind) -> Kind:
    """Register a kind of notice."""
    KINDS[new.name] = new
    return new


def tells(*events: str) -> Callable[[Tell], Tell]:
    """Register a function that says who hears of events of these kinds."""

    def register(tell: Tell) -> Tell:
        for event in events:
            TELLERS.setdefault(event, []).append(tell)
        return tell

    return register


def tell(happened: Sequence[Happened]) -> list[Telling]:
    """Return who is told what of these events, each teller asked once for all."""
    asked: dict[Tell, list[Happened]] = {}
    for event in happened:
        for teller in TELLERS.get(event.kind, ()):
            asked.setdefault(teller, []).append(event)
    return [telling for teller, events in asked.items() for telling in teller(events)]


def matters(event: str) -> bool:
    """Tell whether anybody could hear of an event of this kind."""
    return event in TELLERS


def working_hours(openings: Openings) -> Openings:
    """Register the function that knows when people work.

    It gets a moment for each person and returns the earliest from it on at which that
    person works. The one registered last is asked.
    """
    HOURS.append(openings)
    return openings


def openings(moments: Mapping[int, datetime]) -> Mapping[int, datetime]:
    """Return when each person works next, from the moment given for them on.

    Where nobody knows about working hours it is that moment.
    """
    found = HOURS[-1](moments) if HOURS and moments else {}
    return {person: found.get(person, moment) for person, moment in moments.items()}
