"""Every text of the product is translated, in every form; none is left over."""

import re

import polib
import pytest

from tools import messages


@pytest.mark.parametrize("language", messages.PLURALS)
def test_every_text_is_translated_in_every_form(language):
    assert messages.check(language) == []


def test_a_missing_an_unused_and_a_broken_message_are_found(tmp_path, monkeypatch):
    """The check itself can fail."""
    path = tmp_path / "django.po"
    monkeypatch.setattr(messages, "catalogue", lambda language: path)
    one = messages.Message("", "%(n)s lead", "%(n)s leads")
    two = messages.Message("", "Hello %(name)s", "")
    found = {m.key: (m, ["x.py"]) for m in (one, two)}
    monkeypatch.setattr(messages, "collect", lambda: found)

    messages.update("pl", found)
    assert messages.check("pl") == [
        "pl: “%(n)s lead” is not translated in every form.",
        "pl: “Hello %(name)s” is not translated in every form.",
    ]
    text = path.read_text().replace(
        'msgid "Hello %(name)s"\nmsgstr ""', 'msgid "Hello %(name)s"\nmsgstr "Hej"'
    )
    for form in range(4):
        text = text.replace(f'msgstr[{form}] ""', f'msgstr[{form}] "%(n)s"')
    path.write_text(text)
    assert messages.check("pl") == [
        "pl: “Hello %(name)s” has other placeholders than “Hej”."
    ]
    del found[two.key]
    found["", "New"] = (messages.Message("", "New", ""), ["y.py"])
    assert messages.check("pl") == [
        "pl: “Hello %(name)s” is not used any more.",
        "pl: “New” (y.py) is missing.",
    ]


def test_templates_and_code_are_read_alike():
    code = 'x = _("A %s") + ngettext("b", "c", 2) + pgettext("w", "d")'
    page = (
        '{% translate "A %s" %}{% blocktranslate count n=2 %}b{% plural %}c'
        '{% endblocktranslate %}{% translate "d" context "w" %}'
    )

    shared = {messages.Message("", "b", "c"), messages.Message("w", "d", "")}
    assert set(messages._of_template(page)) == {  # noqa: SLF001 -- what is tested
        messages.Message("", "A %%s", ""),
        *shared,
    }
    assert set(messages._of_python(code)) == {  # noqa: SLF001
        messages.Message("", "A %s", ""),
        *shared,
    }


COUNTED = "zile|luni|ore|minute|săptămâni|leaduri|clienți|caractere|rânduri|coloane"
SINGLE_FORM = re.compile(rf"%\(\w+\)[sd] (?:de )?(?:{COUNTED})\b")
BY_THE_LETTER = {("with a fraction", "%(n)s days"), ("", "%(n)s customers")}
"""Written with a decimal, which takes one form whatever the number."""


def test_numbers_with_a_noun_have_plural_forms():
    """In Romanian “de” follows from 20 on; a text with one form cannot say it."""
    texts = polib.pofile(str(messages.catalogue("ro")))
    single = {
        (entry.msgctxt or "", entry.msgid)
        for entry in texts
        if not entry.msgid_plural and SINGLE_FORM.search(entry.msgstr)
    }
    assert single == BY_THE_LETTER
