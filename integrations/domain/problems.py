"""What can be wrong with a file, a mapping or a cell: a code, a sentence, its values.

A code never changes once released. Each sentence names the place and how to mend it.
This layer speaks English; an edge hands in its own: `problem.sentence(gettext)`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from integrations.domain.sentences import NEAREST, SENTENCES

type Param = str | int | Problem


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong.

    ``params`` are the values of the sentence; one may be a problem itself (the reason),
    and ``nearest`` adds the question whether that was meant. ``own_template`` is for
    codes of other modules, which have no sentence here.
    """

    code: str
    params: Mapping[str, Param] = field(default_factory=dict)
    own_template: str = ""

    @property
    def template(self) -> str:
        """The English sentence with ``%(name)s`` in place of its values."""
        return self.own_template or SENTENCES[self.code]

    @property
    def message(self) -> str:
        """The English sentence as a person reads it."""
        return self.sentence(str)

    def sentence(self, translate: Callable[[str], str]) -> str:
        """Return the sentence in the language of ``translate`` (text in, text out)."""
        values = {
            name: value.sentence(translate) if isinstance(value, Problem) else value
            for name, value in self.params.items()
        }
        parts = [self.template, NEAREST] if values.get("nearest") else [self.template]
        return " ".join(translate(part) % values for part in parts)


class Refused(Exception):
    """Something cannot be read; ``problem`` says what and how to mend it."""

    def __init__(self, code: str, **params: Param) -> None:
        super().__init__(code)
        self.problem = Problem(code, params)

    def __str__(self) -> str:
        return self.problem.message

    @property
    def code(self) -> str:
        return self.problem.code

    @property
    def message(self) -> str:
        return self.problem.message

    @property
    def params(self) -> Mapping[str, Param]:
        return self.problem.params


class NotATable(Refused):
    """The file as a whole cannot be read as a table; nothing of it is loaded."""


class BadValue(Refused):
    """One cell does not say what its column means; its row is rejected."""


class BadMapping(Exception):
    """Columns and targets do not fit together; nothing is loaded.

    ``problems`` lists everything found, in the order in which it was asked for.
    """

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(self.sentence(str))

    @property
    def code(self) -> str:
        return self.problems[0].code

    @property
    def message(self) -> str:
        return str(self)

    def sentence(self, translate: Callable[[str], str]) -> str:
        """Return all sentences in the language of ``translate``."""
        return " ".join(problem.sentence(translate) for problem in self.problems)
