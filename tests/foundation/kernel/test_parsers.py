"""JSON that cannot be kept or answered is refused as such."""

from io import BytesIO

import pytest
from rest_framework.exceptions import ParseError

from foundation.kernel.api.parsers import StrictJSONParser


def parsed(text):
    return StrictJSONParser().parse(BytesIO(text.encode()), parser_context={})


@pytest.mark.parametrize(
    "text",
    [
        '{"title": "\\ud800"}',
        '{"\\uDFFF": 1}',
        '[["a\\udc00\\ud800"]]',
        "[" * 100_000 + "]" * 100_000,
        '{"a":' * 100_000,
        "NaN",
    ],
)
def test_what_nothing_can_read_is_refused(text):
    with pytest.raises(ParseError):
        parsed(text)


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ('{"title": "\\ud83d\\ude00"}', {"title": "😀"}),
        ('"\\\\ud800"', "\\ud800"),
        ("[" * 50 + "1" + "]" * 50, None),
    ],
)
def test_what_can_be_read_is(text, read):
    found = parsed(text)

    assert read is None or found == read
