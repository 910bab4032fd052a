"""Free TCP ports of this machine's loopback address."""

import socket

LOOPBACK = "127.0.0.1"


def is_free(port: int) -> bool:
    """Whether a server could listen there now."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
    return True


def any_free() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.bind((LOOPBACK, 0))
        port: int = probe.getsockname()[1]
    return port


def ask(port: int, words: bytes) -> bytes:
    """What a server answers until it hangs up; nothing if nobody listens."""
    try:
        with socket.create_connection((LOOPBACK, port), timeout=1) as line:
            line.sendall(words)
            return b"".join(iter(lambda: line.recv(4096), b""))
    except OSError:
        return b""
