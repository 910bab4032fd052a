"""Which column of a file fills which target of its kind."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from integrations.domain.columns import column_of
from integrations.domain.kinds import Kind, kind_of
from integrations.domain.problems import BadMapping, Problem
from integrations.domain.suggestion import fingerprint, suggest
from integrations.domain.values import Reading
from integrations.domain.values.reading import UTC_READING

__all__ = ["Mapping", "fingerprint", "suggest", "zone_of"]

_LISTED_COLUMNS = 60


@dataclass(frozen=True)
class Mapping:
    """How a file of a kind is read: complete, and free of contradictions.

    ``columns``: the column of the file for each target that has one.
    ``defaults``: the text for each target that is blank or has no column.
    ``ignored``: the columns of the file that fill nothing.
    """

    kind: Kind
    header: tuple[str, ...]
    columns: dict[str, str]
    defaults: dict[str, str]
    reading: Reading

    @property
    def targets(self) -> tuple[str, ...]:
        """The targets that are filled, in the order in which their values come out."""
        return tuple(
            target.name
            for target in self.kind.targets
            if target.name in self.columns or target.name in self.defaults
        )

    @property
    def ignored(self) -> tuple[str, ...]:
        used = set(self.columns.values())
        return tuple(column for column in self.header if column not in used)

    @property
    def maps(self) -> tuple[str, ...]:
        """The mapping as texts ``target=column``, to be remembered."""
        return tuple(f"{target}={column}" for target, column in self.columns.items())

    @classmethod
    def resolve(
        cls,
        kind: str,
        header: Sequence[str],
        maps: Iterable[str] = (),
        defaults: Iterable[str] = (),
        *,
        leave_out: Iterable[str] = (),
        reading: Reading = UTC_READING,
    ) -> "Mapping":
        """Bring columns and targets together.

        Args:
            kind: the kind of file.
            header: the columns of the file.
            maps: texts ``target=column``. One column may fill several targets.
            defaults: texts ``target=value``: what a target holds in rows in which it
                is blank, or in all where it has no column.
            leave_out: columns that fill nothing although they are named like a target.
            reading: zone, country and habits of the file.

        Columns named exactly like a target fill it, unless something else is said of
        that target or that column.

        Raises:
            BadMapping: with everything that is wrong.
        """
        draft = _Draft(kind_of(kind), tuple(header), reading)
        draft.map(maps)
        draft.map_by_name(set(leave_out))
        draft.fill_in(defaults)
        draft.check_complete()
        if draft.problems:
            raise BadMapping(draft.problems)
        return cls(draft.kind, draft.header, draft.columns, draft.defaults, reading)


@dataclass
class _Draft:
    """A mapping in the making, with what is wrong so far."""

    kind: Kind
    header: tuple[str, ...]
    reading: Reading
    columns: dict[str, str] = field(default_factory=dict)
    defaults: dict[str, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    # Targets that somebody tried to fill; they are not reported as missing as well.
    tried: set[str] = field(default_factory=set)

    def map(self, maps: Iterable[str]) -> None:
        for text in maps:
            target, equals, column = (part.strip() for part in text.partition("="))
            if not (target and equals and column):
                self.tried.add(target)
                self._refuse("map_without_equals", text=text)
            elif not self._is_target(target):
                continue
            elif column not in self.header:
                nearest = _nearest(column, self.header) or self._suggested(target)
                about = {"column": column, "target": target, "nearest": nearest}
                self._refuse("unknown_column", columns=self._listed, **about)
            elif self.columns.setdefault(target, column) != column:
                about = {"first": self.columns[target], "second": column}
                self._refuse("duplicate_target", target=target, **about)

    def map_by_name(self, leave_out: set[str]) -> None:
        taken = leave_out | set(self.columns.values())
        for column in self.header:
            free = column not in taken and column not in self.tried
            if column in self.kind.by_name and free:
                self.columns[column] = column
                self.tried.add(column)
        in_order = [target.name for target in self.kind.targets]
        self.columns = {n: self.columns[n] for n in in_order if n in self.columns}

    def fill_in(self, defaults: Iterable[str]) -> None:
        for text in defaults:
            target, equals, value = (part.strip() for part in text.partition("="))
            if not (target and equals and value):
                self.tried.add(target)
                self._refuse("default_without_equals", text=text)
            elif not self._is_target(target):
                continue
            elif self.defaults.setdefault(target, value) != value:
                about = {"first": self.defaults[target], "second": value}
                self._refuse("duplicate_default", target=target, **about)
            elif bad := self._unreadable(target, value):
                about = {"target": target, "value": value}
                self._refuse("bad_default", reason=bad, **about)

    def check_complete(self) -> None:
        for target in self.kind.targets:
            if target.required and target.name not in self.tried:
                self._refuse_missing("unmapped", target=target.name)
        for group in self.kind.one_of:
            if self.tried.isdisjoint(group.targets):
                names = ", ".join(group.targets)
                self._refuse_missing("unmapped_one_of", targets=names)
        lone = [name for name in self.kind.identifiers if name in self.tried]
        if lone and "external_system" not in self.tried:
            self._refuse("unmapped_system", target=lone[0])

    def _is_target(self, name: str) -> bool:
        self.tried.add(name)
        if name in self.kind.by_name:
            return True
        names = ", ".join(self.kind.by_name)
        about = {"target": name, "targets": names}
        nearest = _nearest(name, self.kind.by_name)
        self._refuse("unknown_target", kind=self.kind.name, nearest=nearest, **about)
        return False

    def _unreadable(self, target: str, value: str) -> Problem | None:
        read = column_of(self.kind.by_name[target], self.reading).read([value])[0]
        return read if isinstance(read, Problem) else None

    def _refuse_missing(self, code: str, **about: str) -> None:
        names = next(iter(about.values())).split(", ")
        nearest = next(filter(None, map(self._suggested, names)), "")
        listed = self._listed
        kind = self.kind.name
        self._refuse(code, kind=kind, columns=listed, nearest=nearest, **about)

    def _suggested(self, target: str) -> str:
        return suggest(self.kind.name, self.header).get(target, "")

    @property
    def _listed(self) -> str:
        shown = ", ".join(self.header[:_LISTED_COLUMNS])
        return shown if len(self.header) <= _LISTED_COLUMNS else f"{shown} …"

    def _refuse(self, code: str, **about: str | Problem) -> None:
        self.problems.append(Problem(code, about))


def zone_of(name: str) -> ZoneInfo:
    """Return a time zone by its IANA name, such as ``America/Sao_Paulo``.

    Raises:
        BadMapping: there is no such zone.
    """
    if name in _zones():
        return ZoneInfo(name)
    place = name.rpartition("/")[2]
    by_place = {zone.rpartition("/")[2]: zone for zone in sorted(_zones())}
    nearest = _nearest(name, _zones()) or by_place.get(_nearest(place, by_place), "")
    raise BadMapping([Problem("unknown_timezone", {"zone": name, "nearest": nearest})])


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


def _nearest(name: str, names: Iterable[str]) -> str:
    """Return the name that looks most like it, whatever its case, if any does."""
    folded = {other.casefold(): other for other in names}
    found = get_close_matches(name.casefold(), folded, n=1)
    return folded[found[0]] if found else ""
