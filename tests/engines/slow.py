"""A page that takes its time, for the server to finish while it is asked to end."""

import os
import time
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment


def application(
    environ: "WSGIEnvironment", start_response: "StartResponse"
) -> Iterable[bytes]:
    if environ["PATH_INFO"] == "/slow":
        Path(os.environ["UNDER_WAY"]).touch()
        time.sleep(1.5)
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"whole answer"]
