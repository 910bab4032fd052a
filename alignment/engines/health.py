"""Whether the web server answers under the name people use."""

import http.client
from urllib.parse import urlsplit

from alignment.engines.ports import LOOPBACK


def is_well(port: int, url: str) -> bool:
    """Whether /health/ on this machine answers 200, asked as the host of URL."""
    line = http.client.HTTPConnection(LOOPBACK, port, timeout=5)
    try:
        line.request("GET", "/health/", headers={"Host": urlsplit(url).netloc})
        return line.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        line.close()
