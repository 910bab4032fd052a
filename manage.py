#!/usr/bin/env python
"""Run a management command of Alignment."""

import os
import sys

from django.core.management import execute_from_command_line

from alignment.engines.workspace import adopt

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "alignment.settings")
    adopt()
    execute_from_command_line(sys.argv)
