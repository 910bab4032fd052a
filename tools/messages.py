"""Message catalogues without GNU gettext: ``python -m tools.messages COMMAND``.

``update`` collects the texts of the product into ``locale/*/LC_MESSAGES/django.po``:
new ones untranslated, gone ones removed, translations kept. ``check`` fails, naming
each place, when a text is missing, unused, untranslated, lacks a plural form or lost a
placeholder. ``compile`` writes the ``.mo`` files that Django reads.
"""

import ast
import os
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import polib
from django.utils.translation.template import templatize

ROOT = Path(__file__).parents[1]
PLURALS = {
    "ro": (
        3,
        "nplurals=3; plural=(n==1 ? 0 : (n==0 || (n%100 > 0 && n%100 < 20)) ? 1 : 2);",
    ),
    "pl": (
        4,
        (
            "nplurals=4; plural=(n==1 ? 0 : (n%10>=2 && n%10<=4) && (n%100<12 || "
            "n%100>14) ? 1 : n!=1 && (n%10>=0 && n%10<=1) || (n%10>=5 && n%10<=9) || "
            "(n%100>=12 && n%100<=14) ? 2 : 3);"
        ),
    ),
}
FOLDERS = [
    *("alignment", "campaigns", "deals", "foundation", "integrations", "kpis"),
    *("leads", "meetings", "sla"),
]
_PLAIN = {"gettext", "gettext_lazy", "gettext_noop", "_"}
_PLURAL = {"ngettext", "ngettext_lazy"}
_CONTEXT = {"pgettext", "pgettext_lazy"}
_BOTH = {"npgettext", "npgettext_lazy"}
_NAMES = _PLAIN | _PLURAL | _CONTEXT | _BOTH
_CALL = re.compile(r"\b(_|n?p?gettext)\(")
_PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")


@dataclass(frozen=True)
class Message:
    """A text to translate: context, singular and (or blank) plural."""

    context: str
    text: str
    plural: str

    @property
    def key(self) -> tuple[str, str]:
        return self.context, self.text


def main(command: str) -> int:
    """Run one command; return the exit code."""
    if command == "update":
        for language in PLURALS:
            update(language, collect())
    elif command == "compile":
        for language in PLURALS:
            compile_(language)
    elif command == "check":
        faults = [fault for language in PLURALS for fault in check(language)]
        print("\n".join(faults) or "Every text is translated.")
        return 1 if faults else 0
    else:
        print("Write update, check or compile.")
        return 2
    return 0


def collect() -> dict[tuple[str, str], tuple[Message, list[str]]]:
    """Return every text of the product with the places it stands in."""
    found: dict[tuple[str, str], tuple[Message, list[str]]] = {}
    for path, messages in _sources():
        place = path.relative_to(ROOT).as_posix()
        for message in messages:
            known, places = found.setdefault(message.key, (message, []))
            if message.plural and not known.plural:
                found[message.key] = (message, places)
            if place not in places:
                places.append(place)
    return dict(sorted(found.items()))


def _sources() -> Iterator[tuple[Path, Iterator[Message]]]:
    for folder in FOLDERS:
        for path in sorted((ROOT / folder).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path, _of_python(path.read_text())
    for path in sorted((ROOT / "templates").rglob("*.*")):
        if path.suffix in {".html", ".txt", ".xml", ".md"}:
            yield path, _of_template(path.read_text())


def _of_python(source: str) -> Iterator[Message]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "id", None) or getattr(node.func, "attr", None)
            if name in _NAMES:
                yield from _of_call(str(name), node.args)


def _of_call(name: str, arguments: list[ast.expr]) -> Iterator[Message]:
    texts = [
        a.value if isinstance(a, ast.Constant) and isinstance(a.value, str) else None
        for a in arguments[:3]
    ]
    context = texts.pop(0) if texts and name in _CONTEXT | _BOTH else ""
    if not texts or texts[0] is None or context is None:
        return
    plural = texts[1] if name in _PLURAL | _BOTH and len(texts) > 1 else ""
    yield Message(context, texts[0], plural or "")


def _of_template(source: str) -> Iterator[Message]:
    code = templatize(source)
    for match in _CALL.finditer(code):
        end = _end_of_call(code, match.end())
        text = f"{match[1]}({code[match.end() : end]})"
        text = re.sub(r",\s*count\)$", ", 1)", text)
        call = ast.parse(text, mode="eval").body
        if isinstance(call, ast.Call):
            yield from _of_call(match[1], call.args)


def _end_of_call(code: str, start: int) -> int:
    """Return where the call that opened before ``start`` closes."""
    place, quote = start, ""
    while place < len(code):
        char = code[place]
        if quote:
            if char == "\\":
                place += 1
            elif char == quote:
                quote = ""
        elif char in "'\"":
            quote = char
        elif char == ")":
            return place
        place += 1
    raise ValueError(code[start : start + 60])


def catalogue(language: str) -> Path:
    """Return the path of a language's catalogue."""
    return ROOT / "locale" / language / "LC_MESSAGES" / "django.po"


def _open(language: str) -> polib.POFile:
    path = catalogue(language)
    if path.exists():
        return polib.pofile(str(path), wrapwidth=88)
    file = polib.POFile(wrapwidth=88)
    file.metadata = {
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Language": language,
        "Plural-Forms": PLURALS[language][1],
    }
    return file


def update(
    language: str, found: dict[tuple[str, str], tuple[Message, list[str]]]
) -> None:
    """Bring a catalogue up to date with the texts there are."""
    old = {(entry.msgctxt or "", entry.msgid): entry for entry in _open(language)}
    file = _open(language)
    file.clear()
    for message, places in found.values():
        file.append(_entry(message, places, old.get(message.key), language))
    path = catalogue(language)
    path.parent.mkdir(parents=True, exist_ok=True)
    file.save(str(path))


def _entry(
    message: Message, places: list[str], old: polib.POEntry | None, language: str
) -> polib.POEntry:
    forms = range(PLURALS[language][0])
    entry = polib.POEntry(
        msgid=message.text,
        msgctxt=message.context or None,
        occurrences=[(place, "") for place in sorted(places)],
    )
    if any(_PLACEHOLDER.search(t) for t in (message.text, message.plural)):
        entry.flags = [
            "python-brace-format" if "{" in message.text else "python-format"
        ]
    if message.plural:
        entry.msgid_plural = message.plural
        kept = old.msgstr_plural if old else {}
        entry.msgstr_plural = {form: kept.get(form, "") for form in forms}
    else:
        entry.msgstr = old.msgstr if old else ""
    return entry


def check(language: str) -> list[str]:
    """Return what is wrong with a catalogue, one sentence each."""
    found, known = collect(), {}
    for entry in _open(language):
        known[entry.msgctxt or "", entry.msgid] = entry
    faults = [
        f"{language}: “{text}” ({', '.join(found[context, text][1])}) is missing."
        for context, text in found.keys() - known.keys()
    ]
    faults += [
        f"{language}: “{text}” is not used any more."
        for _, text in known.keys() - found.keys()
    ]
    for key in found.keys() & known.keys():
        faults += _faults(language, found[key][0], known[key])
    return sorted(faults)


def _faults(language: str, message: Message, entry: polib.POEntry) -> Iterator[str]:
    forms = PLURALS[language][0]
    texts = list(entry.msgstr_plural.values()) if message.plural else [entry.msgstr]
    wanted = forms if message.plural else 1
    if len(texts) != wanted or not all(texts) or "fuzzy" in entry.flags:
        yield f"{language}: “{message.text}” is not translated in every form."
        return
    allowed = set(_PLACEHOLDER.findall(message.text + message.plural))
    for text in texts:
        told = set(_PLACEHOLDER.findall(text))
        lost = set() if message.plural else allowed - told
        if told - allowed or lost:
            yield f"{language}: “{message.text}” has other placeholders than “{text}”."


def compile_(language: str) -> None:
    """Write the file Django reads, in one step, so that two at once do no harm."""
    target = catalogue(language).with_suffix(".mo")
    if not catalogue(language).exists():
        return
    part = target.with_suffix(f".{os.getpid()}.part")
    _open(language).save_as_mofile(str(part))
    part.replace(target)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else ""))
