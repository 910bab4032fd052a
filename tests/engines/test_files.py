import errno
import json

import pytest

from alignment.engines import files
from alignment.engines.errors import EngineError

FULL = "The disk that holds {} is full; free some space and start again."


def test_what_is_remembered_is_private_and_whole(tmp_path):
    place = tmp_path / "known.json"
    files.remember(place, {"port": "1"})
    place.chmod(0o644)
    files.remember(place, {"port": "2"})
    assert place.stat().st_mode & 0o777 == 0o600
    assert files.read_json(place) == {"port": "2"}
    assert [path.name for path in tmp_path.iterdir()] == ["known.json"]


def test_nothing_is_known_before_the_first_start(tmp_path):
    assert files.read_json(tmp_path / "none.json") == {}


def test_a_damaged_file_is_one_sentence(tmp_path):
    place = tmp_path / "known.json"
    place.write_text('{"port": ')
    with pytest.raises(EngineError) as error:
        files.read_json(place)
    assert str(error.value) == (
        f"{place} is damaged; put it back from a backup of the data directory."
    )


def test_a_failed_write_leaves_the_old_file(tmp_path):
    place = tmp_path / "known.json"
    files.remember(place, {"port": "1"})
    with pytest.raises(UnicodeEncodeError):
        files.write_private(place, "\ud800")
    assert json.loads(place.read_text()) == {"port": "1"}
    assert [path.name for path in tmp_path.iterdir()] == ["known.json"]


@pytest.mark.parametrize(
    ("number", "sentence"),
    [
        (
            errno.ENOSPC,
            "The disk that holds {} is full; free some space and start again.",
        ),
        (
            errno.EDQUOT,
            "The disk that holds {} is full; free some space and start again.",
        ),
        (errno.EROFS, "{}/x cannot be written: why."),
        (errno.EACCES, "{}/x cannot be written: why."),
    ],
)
def test_what_the_system_says_becomes_one_sentence(tmp_path, number, sentence):
    with pytest.raises(EngineError) as error, files.told_plainly(tmp_path):
        raise OSError(number, "why", f"{tmp_path}/x")
    assert str(error.value) == sentence.format(tmp_path)


def test_other_errors_stay_what_they_are(tmp_path):
    with pytest.raises(OSError, match="why"), files.told_plainly(tmp_path):
        raise OSError(errno.EIO, "why")


def test_a_tail_starts_after_what_was_there_before(tmp_path):
    log = tmp_path / "log"
    log.write_text("old\n")
    begin = log.stat().st_size
    log.write_text("old\nnew\n")
    assert files.tail(log, begin) == "new\n"
    assert files.tail(log, limit=2) == "w\n"
    assert files.tail(tmp_path / "none") == ""


def test_a_long_log_is_set_aside_while_it_is_written(tmp_path):
    log = tmp_path / "web.log"
    with files.open_log(log) as writer:
        writer.write(b"x" * 100)
        writer.flush()
        files.trim(log, 99)
        writer.write(b"y")
    assert log.read_text() == "y"
    assert (tmp_path / "web.old.log").read_text() == "x" * 100
    files.trim(log, 99)
    assert log.read_text() == "y"
