import os
import pwd
from types import SimpleNamespace

import pytest

from alignment.engines import shelter, users
from alignment.engines.errors import EngineError
from tests.engines.programs import needs_root


def test_the_spare_user_has_no_account(monkeypatch):
    assert users.unused() not in {account.pw_uid for account in pwd.getpwall()}
    taken = [SimpleNamespace(pw_uid=users.FIRST)]
    monkeypatch.setattr("pwd.getpwall", lambda: taken)
    assert users.unused() == users.FIRST - 1


def test_no_spare_user_is_one_sentence(monkeypatch):
    everybody = [SimpleNamespace(pw_uid=number) for number in range(65536)]
    monkeypatch.setattr("pwd.getpwall", lambda: everybody)
    with pytest.raises(EngineError) as error:
        users.unused()
    assert str(error.value) == (
        "PostgreSQL cannot run as root and every spare user is taken."
    )


def test_a_machine_without_nobody_is_one_sentence(monkeypatch):
    def missing(name):
        raise KeyError(name)

    monkeypatch.setattr("pwd.getpwnam", missing)
    with pytest.raises(EngineError) as error:
        users.least()
    assert str(error.value) == (
        "PostgreSQL cannot be set up as root here: no account named nobody."
    )


def test_one_closed_folder_above_is_enough_to_keep_others_out(data):
    inner = data / "a" / "b"
    inner.mkdir(parents=True)
    for folder in (data / "a", inner):
        folder.chmod(0o755)
    data.chmod(0o711)
    assert users.can_enter(inner)
    assert users.can_read(inner)
    (data / "a").chmod(0o750)
    assert not users.can_enter(inner)
    (data / "a").chmod(0o755)
    (inner / "file").touch(mode=0o600)
    assert not users.can_read(inner)


@needs_root
def test_giving_changes_links_and_not_what_they_point_to(data):
    outside = data / "outside"
    outside.touch()
    inner = data / "inner"
    inner.mkdir()
    (inner / "link").symlink_to(outside)
    (inner / "file").touch()
    users.give(inner, 64437, 64438)
    assert outside.stat().st_uid == 0
    for path in (inner, inner / "link", inner / "file"):
        found = path.lstat()
        assert (found.st_uid, found.st_gid) == (64437, 64438)


@needs_root
def test_a_shelter_prepared_by_somebody_else_is_not_trusted(data, monkeypatch):
    foreign, own = data / "foreign", data / "own"
    foreign.mkdir()
    os.chown(foreign, 64437, 64437)
    linked = data / "linked"
    linked.symlink_to(data)
    monkeypatch.setattr(shelter, "CANDIDATES", (foreign, linked, own))
    assert shelter.place() == own
    own.chmod(0o777)
    with pytest.raises(EngineError) as error:
        shelter.place()
    assert str(error.value) == (
        f"Neither {foreign} nor {linked} nor {own} can be used for the files of"
        " PostgreSQL."
    )


def test_a_missing_wheel_is_one_sentence(monkeypatch):
    monkeypatch.setattr(shelter, "PACKAGE", "not_installed")
    with pytest.raises(EngineError) as error:
        shelter.wheel()
    assert str(error.value) == (
        "PostgreSQL is missing: run `make demo`, which installs it."
    )
