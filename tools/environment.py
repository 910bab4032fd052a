"""Make `.venv` hold the pinned requirements: ``environment.py base`` or ``dev``.

Runs with the machine's own Python, so only the standard library is used. Quick when
nothing changed; safe to run twice at once in one checkout; an environment that no
longer fits (an old Python, a moved checkout) is made anew.
"""

import fcntl
import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
VENV = PROJECT / ".venv"
PYTHON = VENV / "bin" / "python"
LOG = PROJECT / ".cache" / "environment.log"
KINDS = {"base": ("base",), "dev": ("base", "dev")}
OFFLINE = ("NewConnectionError", "ProxyError", "Temporary failure", "Max retries")


class NotInstalled(Exception):
    """One sentence for the person who typed `make`."""


def main(kind: str) -> int:
    """Bring the environment up to date, alone; the exit code."""
    LOG.parent.mkdir(exist_ok=True)
    with (LOG.parent / "environment.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        try:
            update(kind)
        except NotInstalled as reason:
            print(reason, file=sys.stderr)
            return 1
    return 0


def update(kind: str) -> None:
    """Install what KIND needs unless it is there. Raises NotInstalled."""
    if not fits():
        create()
    wanted = fingerprint(KINDS[kind])
    stamp = VENV / f"alignment-{kind}"
    if not stamp.exists() or stamp.read_text(encoding="ascii") != wanted:
        install(KINDS[kind])
        introduce()
        stamp.write_text(wanted, encoding="ascii")


def fits() -> bool:
    """Whether the environment runs, is new enough and was made in this place."""
    pip = VENV / "bin" / "pip"  # names the place in its first line
    if not pip.exists() or not PYTHON.exists():  # follows links: a Python may be gone
        return False
    if str(VENV) not in pip.read_text(errors="replace")[:200]:
        return False
    asked = "import pip, sys; sys.exit(sys.version_info < (3, 12))"
    done = subprocess.run([PYTHON, "-c", asked], capture_output=True, check=False)
    return done.returncode == 0


def create() -> None:
    print("Making the Python environment (.venv)…", flush=True)
    shutil.rmtree(VENV, ignore_errors=True)
    run([sys.executable, "-m", "venv", str(VENV)])


def install(kinds: tuple[str, ...]) -> None:
    """Install from the pinned lists; a file that differs from its hash is refused."""
    print("Installing the pinned requirements…", flush=True)
    command = [str(PYTHON), "-m", "pip", "install", "--require-hashes"]
    command += ["--only-binary", ":all:", "--disable-pip-version-check", "--no-input"]
    for kind in kinds:
        command += ["-r", str(listing(kind))]
    run(command)


def introduce() -> None:
    """Let tools started by name, not by `python -m`, find the project."""
    packages = next(VENV.glob("lib/python*/site-packages"))
    (packages / "alignment.pth").write_text(f"{PROJECT}\n", encoding="utf-8")


def run(command: list[str]) -> None:
    """Run quietly; the log keeps the words and the reason becomes one sentence."""
    with LOG.open("w+", encoding="utf-8", errors="replace") as log:
        done = subprocess.run(command, stdout=log, stderr=log, check=False)
        log.seek(0)
        said = log.read()
    if done.returncode:
        raise NotInstalled(reason(said))


def reason(said: str) -> str:
    if "No space left on device" in said:
        return f"The disk that holds {PROJECT} is full; free some space and try again."
    if any(sign in said for sign in OFFLINE):
        return f"The package index cannot be reached; try again online (see {LOG})."
    lines = [line for line in said.splitlines() if line.strip()] or ["no reason given"]
    why = next((line for line in lines if line.startswith("ERROR")), lines[-1])
    return f"The requirements could not be installed: {why} (see {LOG})"


def fingerprint(kinds: tuple[str, ...]) -> str:
    seen = hashlib.sha256(str(VENV).encode())
    for kind in kinds:
        seen.update(listing(kind).read_bytes())
    return seen.hexdigest()


def listing(kind: str) -> Path:
    return PROJECT / "requirements" / f"{kind}.txt"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
