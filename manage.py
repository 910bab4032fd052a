#!/usr/bin/env python
"""Run a management command of Alignment."""

import os
import sys

from django.core.management import execute_from_command_line
from django.db import OperationalError

from alignment.engines import absent
from alignment.engines.workspace import adopt

PIPE_CLOSED = 141  # as of programs that the signal ends


def main() -> int:
    """Run the command; what is not its fault is told in a line."""
    try:
        execute_from_command_line(sys.argv)
        sys.stdout.flush()
    except BrokenPipeError:  # whoever reads has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return PIPE_CLOSED
    except OperationalError as error:
        told = absent.told(str(error), os.environ["DATABASE_URL"])
        if not told:
            raise
        sys.stderr.write(f"{told}\n")
        return 1
    return 0


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "alignment.settings")
    adopt()
    sys.exit(main())
