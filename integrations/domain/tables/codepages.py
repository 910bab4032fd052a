"""Windows-1250 or Windows-1252: which of the two wrote these bytes?

Both give most bytes above 127 a letter, so the letters must tell. The rule: every byte
above 127 is read with the code page of each language below, and the language that
explains them best (largest likelihood under the share its accented letters have in
ordinary text, a letter it does not have counting almost nothing) names the code page.
Where a letter stands helps too: Polish writes no `ń` before a vowel and Spanish writes
`ñ` nowhere else; Portuguese `ã` is followed by `o` or `e`, Romanian `ă` never by `o`.
Text whose letters are the same in both (é, ü, ç, ö, á …) reads the same either way.
"""

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import islice

_ENOUGH_LETTERS = 200_000
_LETTER = re.compile(rb"([\x80-\xff])(?=([A-Za-z0-9\x80-\xff]?))")
_SIGNS = "º1 ª1 °1 £1 ¹1 ²1 ³1 ¿1 ¯1 ¼1 ½1 ¾1 ¥1"

# Share of each accented letter among the accented letters of ordinary text, in percent.
_LANGUAGES = {
    "pl": ("cp1250", "ł24 ą13 ę15 ó11 ż11 ś9 ć6 ń3 ź1"),
    "ro": ("cp1250", "ă43 î15 ş18 ţ14 â9"),
    "cs": ("cp1250", "í22 á17 é10 ě12 ř9 č8 ž8 ý8 š6 ů2 ú1 ď1 ť1 ň1 ó1"),
    "sk": ("cp1250", "á20 í12 é10 č10 ž9 š9 ý11 ť8 ú10 ľ4 ň2 ô2 ä1 ď2 ĺ1 ŕ1 ó1"),
    "hu": ("cp1250", "é32 á29 ö9 ó8 ő8 ü5 í5 ú2 ű2"),
    "pt": ("cp1252", "ã19 ç14 á13 é11 ê10 í9 ó7 õ6 â5 ú4 à2 ô1 º1 ª1"),
    "es": ("cp1252", "ó28 í24 á17 é14 ñ10 ú5 ü1 ¿2 ¡2 º1 ª1"),
    "fr": ("cp1252", f"é56 à15 è12 ê8 ç3 ô2 î1 û2 â2 ù1 œ1 ï1 ë1 {_SIGNS}"),
    "it": ("cp1252", f"à45 è22 ù12 ò14 ì5 é6 {_SIGNS}"),
    "de": ("cp1252", f"ü43 ä27 ö18 ß12 {_SIGNS}"),
    "nordic": ("cp1252", "ä24 å20 ö18 ø17 æ15 é1"),
}
_VOWELS = "aeiouy"
_CONSONANTS = "bcdfghjklmnpqrstvwxz"
# The next letter after which a language never goes on like that; "-" is the word's end.
_NEVER_BEFORE = {
    "pl": dict.fromkeys("ąęćńśź", _VOWELS),
    "ro": {"ă": "oe"},
    "pt": {"ã": "abcdfghijklmnpqrtuvwxyz", "õ": "abcdfghijklmnopqrstuvwxyz-"},
    "es": {"ñ": _CONSONANTS + "-"},
    "nordic": {"æ": "-"},
}
_NO_SIGN_BEFORE = dict.fromkeys("ºª°£¹²³¯¼½¾¥", _VOWELS + _CONSONANTS)
_UNHEARD_OF = math.log(0.0005)
_ODD_PLACE = math.log(0.02)


def codepage_of(blocks: Iterable[bytes]) -> str:
    """Return ``cp1250`` or ``cp1252`` for bytes that are not UTF-8.

    Looks at the first 200 000 accented letters. A tie goes to Windows-1252.
    """
    seen = Counter(islice(_letters(blocks), _ENOUGH_LETTERS))
    best = max(_LANGUAGES, key=lambda name: (_likelihood(name, seen), name == "fr"))
    return _LANGUAGES[best][0]


def _letters(blocks: Iterable[bytes]) -> Iterator[tuple[bytes, bytes]]:
    for block in blocks:
        yield from _LETTER.findall(block)


def _likelihood(language: str, seen: Counter[tuple[bytes, bytes]]) -> float:
    codec, letters = _LANGUAGES[language]
    shares = {part[0]: int(part[1:]) for part in letters.split()}
    total = sum(shares.values())
    return sum(
        count * _plausibility(language, shares, total, _decoded(pair, codec))
        for pair, count in seen.items()
        if not _is_common_sign(pair[0])
    )


def _decoded(pair: tuple[bytes, bytes], codec: str) -> tuple[str, str]:
    letter, following = (part.decode(codec, "replace").lower() for part in pair)
    return letter, following or "-"


def _plausibility(
    language: str, shares: dict[str, int], total: int, pair: tuple[str, str]
) -> float:
    letter, following = pair
    if letter not in shares:
        return _UNHEARD_OF
    never = _NEVER_BEFORE.get(language, {}).get(letter) or _NO_SIGN_BEFORE.get(letter)
    odd = following in (never or "") or (letter.isalpha() and following.isdigit())
    return math.log(shares[letter] / total) + (_ODD_PLACE if odd else 0)


def _is_common_sign(byte: bytes) -> bool:
    """Tell whether the byte is the same sign, not a letter, in both code pages."""
    signs = {byte.decode(codec, "replace") for codec in ("cp1250", "cp1252")}
    return len(signs) == 1 and not signs.pop().isalpha()
