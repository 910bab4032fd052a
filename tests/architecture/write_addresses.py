"""Propose lines for addresses that have none, and write docs/addresses.md."""

import os
import sys

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")

import django

django.setup()

from tests.architecture import matrix  # noqa: E402 -- after the set-up

known = matrix.expectations()
for each in matrix.routes():
    if each.name not in known:
        sys.stdout.write(matrix.proposal(each) + "\n")
matrix.DOCS.write_text(matrix.document())
