"""The English sentence of every problem, by code. Marked here for translation."""


def gettext_noop(text: str) -> str:
    """Mark a text for the message catalogues and return it as it is."""
    return text


FILES = {
    "no_file": gettext_noop("There is no file “%(file)s”. Check its name and folder."),
    "not_the_same": gettext_noop(
        "“%(file)s” is not the file any more that was uploaded. Upload it again."
    ),
    "not_a_file": gettext_noop("“%(file)s” is not a file. Name a CSV or XLSX file."),
    "unreadable": gettext_noop(
        "“%(file)s” may not be opened (%(reason)s). Give the right to read it."
    ),
    "too_large": gettext_noop(
        "The file has %(size)s MB, more than the %(limit)s MB that are read at once. "
        "Split it into several files."
    ),
    "empty_file": gettext_noop(
        "The file is empty. Export it again, with the names of the columns in its "
        "first row."
    ),
    "pdf": gettext_noop("The file is a PDF document. Export the table as CSV or XLSX."),
    "web_page": gettext_noop(
        "The file is a web page. Open it in a spreadsheet and save it as CSV or XLSX."
    ),
    "json": gettext_noop("The file is JSON. Export the table as CSV or XLSX."),
    "xml": gettext_noop("The file is XML. Export the table as CSV or XLSX."),
    "archive": gettext_noop("The file is an archive. Unpack it and load its tables."),
    "image": gettext_noop("The file is a picture. Export the table as CSV or XLSX."),
    "text_document": gettext_noop(
        "The file is a text document. Export the table as CSV or XLSX."
    ),
    "other_spreadsheet": gettext_noop(
        "The file is a spreadsheet of another kind. Save it as XLSX or CSV."
    ),
    "legacy_excel": gettext_noop(
        "The file is an old Excel workbook (XLS). Open it and save it as XLSX or CSV."
    ),
    "encrypted": gettext_noop(
        "The workbook is locked with a password. Save it without one."
    ),
    "binary": gettext_noop(
        "The file holds a NUL byte in line %(line)s, so it is not text. Save it as "
        "CSV or XLSX."
    ),
    "control_characters": gettext_noop(
        "The file is full of control characters, so it is not text. Save it as CSV or "
        "XLSX."
    ),
    "no_lines": gettext_noop(
        "Line %(line)s of the file is longer than %(limit)s MB, so it is no table. "
        "Export it again as CSV or XLSX."
    ),
    "unknown_encoding": gettext_noop(
        "The letters of the file cannot be read as %(encoding)s (line %(line)s). Save "
        "it as CSV in UTF-8."
    ),
    "damaged_workbook": gettext_noop(
        "The workbook is damaged (%(reason)s). Open it, save it again as XLSX, or save "
        "it as CSV."
    ),
    "workbook_too_large": gettext_noop(
        "The workbook unpacks to more than this program takes (%(reason)s). Save the "
        "sheet as CSV."
    ),
    "empty_workbook": gettext_noop(
        "No sheet of the workbook holds anything. Fill one, with the names of the "
        "columns in its first row."
    ),
}

HEADERS = {
    "nameless_column": gettext_noop(
        "Column %(number)s has no name. Give it one in the first row, or delete it."
    ),
    "duplicate_column": gettext_noop(
        "Columns %(first)s and %(second)s are both named “%(column)s”. Rename one of "
        "them in the first row."
    ),
    "too_many_columns": gettext_noop(
        "The first row names %(count)s columns; at most %(limit)s are read. Delete "
        "those that are not needed."
    ),
    "bad_header": gettext_noop(
        "The first row cannot be read: a quotation mark is opened and not closed. "
        "Mend the names of the columns."
    ),
}

ROWS = {
    "too_many_cells": gettext_noop(
        "The row has %(cells)s cells, the first row names %(columns)s columns. Put "
        "quotation marks around cells that hold the separator."
    ),
    "bad_quotes": gettext_noop(
        "A quotation mark in this row is opened and not closed, or followed by more "
        "text. Write each quotation mark inside a cell twice."
    ),
    "cell_too_large": gettext_noop(
        "A cell of this row has more than %(limit)s characters. Shorten it."
    ),
    "after_bad_quotes": gettext_noop(
        "The row follows one with a broken quotation mark and may be part of it. Mend "
        "that row first."
    ),
    "bad_letters": gettext_noop(
        "The row holds bytes that are no letters in %(encoding)s. Type them again."
    ),
    "missing": gettext_noop("The cell is empty and must not be."),
    "missing_one_of": gettext_noop("One of these must be filled: %(columns)s."),
    "missing_system": gettext_noop(
        "An identifier is given without the system it comes from. Fill "
        "“external_system”."
    ),
    "closed_at_missing": gettext_noop(
        "A deal that is won or lost needs the time of closing."
    ),
    "closed_before_opened": gettext_noop(
        "The deal closes before it opens (%(start)s)."
    ),
    "amount_missing": gettext_noop("Give an amount above zero."),
    "ends_before_start": gettext_noop("The end lies before the start (%(start)s)."),
}

VALUES = {
    "too_long": gettext_noop(
        "The text has %(length)s characters; at most %(limit)s fit."
    ),
    "control_character": gettext_noop(
        "The text holds a control character (%(character)s). Delete it."
    ),
    "not_a_moment": gettext_noop(
        "“%(text)s” is not a date or time. Write 2026-03-05, 2026-03-05 14:30 or "
        "05.03.2026 14:30."
    ),
    "ambiguous_date": gettext_noop(
        "“%(text)s” may be day/month or month/day. Say which, or write 2026-03-05."
    ),
    "date_out_of_range": gettext_noop(
        "“%(text)s” is not between the years 1900 and 2199."
    ),
    "not_a_number": gettext_noop("“%(text)s” is not a number. Write 1234.56."),
    "ambiguous_number": gettext_noop(
        "“%(text)s” may be a fraction or thousands. Write it without thousands "
        "separator, with two decimals."
    ),
    "too_many_decimals": gettext_noop(
        "“%(text)s” has more than %(limit)s decimals. Round it."
    ),
    "number_too_large": gettext_noop("“%(text)s” is too large a number."),
    "negative_number": gettext_noop("“%(text)s” is below zero, which cannot be here."),
    "not_positive": gettext_noop("“%(text)s” must be above zero."),
    "not_a_whole_number": gettext_noop("“%(text)s” is not a whole number."),
    "not_yes_or_no": gettext_noop("“%(text)s” is neither yes nor no."),
    "not_an_email": gettext_noop(
        "This is not one e-mail address of at most 254 characters, like "
        "ana@example.com."
    ),
    "not_a_phone": gettext_noop(
        "This is not a possible phone number. Write it like +40 722 123 456."
    ),
    "phone_without_country": gettext_noop(
        "The phone number lacks its country. Write it like +40 722 123 456, or name a "
        "country for all of them."
    ),
    "unknown_country": gettext_noop(
        "“%(text)s” is no country known here. Write its two-letter code, like RO."
    ),
    "unknown_currency": gettext_noop(
        "“%(text)s” is no currency known here. Write its three-letter code, like RON."
    ),
    "unknown_language": gettext_noop(
        "“%(text)s” is no language code. Write it like ro or pt-BR."
    ),
    "not_a_domain": gettext_noop(
        "“%(text)s” is not a domain of the internet, like example.com."
    ),
    "unknown_choice": gettext_noop("“%(text)s” is not one of: %(choices)s."),
}

MAPPINGS = {
    "unknown_kind": gettext_noop("There is no kind “%(kind)s”. There are: %(kinds)s."),
    "map_without_equals": gettext_noop(
        "“%(text)s” does not say which column goes where. Write target=column."
    ),
    "default_without_equals": gettext_noop(
        "“%(text)s” does not say what to fill in where. Write target=value."
    ),
    "unknown_target": gettext_noop(
        "%(kind)s have no field “%(target)s”. There are: %(targets)s."
    ),
    "unknown_column": gettext_noop(
        "The file has no column “%(column)s” for “%(target)s”. It has: %(columns)s."
    ),
    "duplicate_target": gettext_noop(
        "“%(target)s” is filled from two columns, “%(first)s” and “%(second)s”. Keep "
        "one."
    ),
    "duplicate_default": gettext_noop(
        "“%(target)s” has two values to fill in, “%(first)s” and “%(second)s”. Keep "
        "one."
    ),
    "unmapped": gettext_noop(
        "%(kind)s need “%(target)s”, and no column of the file is mapped to it. The "
        "file has: %(columns)s."
    ),
    "unmapped_one_of": gettext_noop(
        "%(kind)s need one of %(targets)s, and no column of the file is mapped to any. "
        "The file has: %(columns)s."
    ),
    "unmapped_system": gettext_noop(
        "“%(target)s” needs “external_system” beside it: map a column to it, or name "
        "the system for all rows (external_system=crm)."
    ),
    "bad_default": gettext_noop(
        "The value “%(value)s” cannot be filled in for “%(target)s”: %(reason)s"
    ),
    "unknown_timezone": gettext_noop(
        "“%(zone)s” is not a time zone. Write it like Europe/Bucharest."
    ),
}

NEAREST = gettext_noop("Did you mean “%(nearest)s”?")

SENTENCES = {**FILES, **HEADERS, **ROWS, **VALUES, **MAPPINGS}
