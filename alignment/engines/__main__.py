"""``python -m alignment.engines run`` or ``demo``."""

import argparse
import sys

from alignment.engines import start
from alignment.engines.errors import EngineError
from alignment.engines.signals import Stopped
from alignment.engines.workspace import Workspace

INTERRUPTED = 130


def main() -> int:
    """Run until asked to end; the exit code says whether it ever was ready."""
    parser = argparse.ArgumentParser(prog="alignment.engines")
    told = "an empty workspace, or one with the example company"
    parser.add_argument("mode", choices=["run", "demo"], help=told)
    mode = parser.parse_args().mode
    try:
        start.run(Workspace.from_environment(), demo=mode == "demo")
    except EngineError as error:
        print(error, file=sys.stderr)
        return 1
    except Stopped:
        return INTERRUPTED
    return 0


if __name__ == "__main__":
    sys.exit(main())
