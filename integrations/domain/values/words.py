"""Cells that hold one of a few words, in English, Romanian or Polish."""

from collections.abc import Mapping, Sequence

from integrations.domain.problems import BadValue
from integrations.domain.values.columns import Parser, cut
from integrations.domain.values.folding import folded

_YES = "1 t true y yes x on da d adevarat tak prawda"
_NO = "0 f false n no off nu fals nie falsz"
_FLAGS = {**dict.fromkeys(_YES.split(), True), **dict.fromkeys(_NO.split(), False)}


def parse_flag(text: str) -> bool:
    """Read yes or no.

    Raises:
        BadValue: neither.
    """
    try:
        return _FLAGS[folded(text)]
    except KeyError as error:
        raise BadValue("not_yes_or_no", text=cut(text)) from error


def choice_reader(choices: Mapping[str, Sequence[str]]) -> Parser[str]:
    """Read one of ``choices``: each value with the other words that mean it.

    Raises:
        BadValue: none of them.
    """
    known = {
        folded(word): value
        for value, words in choices.items()
        for word in (value, *words)
    }

    def parse(text: str) -> str:
        try:
            return known[folded(text)]
        except KeyError as error:
            listed = ", ".join(choices)
            raise BadValue("unknown_choice", text=cut(text), choices=listed) from error

    return parse
