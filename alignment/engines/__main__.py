"""``python -m alignment.engines run``, ``demo`` or ``well`` (for health checks)."""

import argparse
import os
import sys

from alignment.engines import health, ports, start
from alignment.engines.errors import EngineError
from alignment.engines.signals import Stopped
from alignment.engines.workspace import Workspace

INTERRUPTED = 130


def main() -> int:
    """Run until asked to end; the exit code says whether it ever was ready."""
    parser = argparse.ArgumentParser(prog="alignment.engines")
    parser.add_argument("mode", choices=["run", "demo", "well"])
    mode = parser.parse_args().mode
    if mode == "well":
        return int(not is_well())
    try:
        start.run(Workspace.from_environment(), demo=mode == "demo")
    except EngineError as error:
        print(error, file=sys.stderr)
        return 1
    except Stopped:
        return INTERRUPTED
    return 0


def is_well() -> bool:
    """Whether the web server of this machine or container answers."""
    port = int(os.environ.get("PORT") or ports.USUAL)
    return health.is_well(port, os.environ.get("ALIGNMENT_URL", ""))


if __name__ == "__main__":
    sys.exit(main())
