import os
import signal

import pytest

from alignment.engines import lock
from alignment.engines.errors import EngineError
from tests.engines.programs import python, words_of


def test_a_second_start_is_refused_by_name_until_the_first_is_dead(tmp_path):
    first = python(
        "from pathlib import Path\n"
        "import time\n"
        "from alignment.engines import lock\n"
        f"with lock.hold(Path('{tmp_path}')):\n"
        "    print('on', flush=True); time.sleep(99)"
    )
    assert words_of(first) == "on\n"
    with pytest.raises(EngineError) as error, lock.hold(tmp_path):
        pass
    assert str(error.value) == (
        f"Alignment already runs on {tmp_path} (process {first.pid})."
    )
    os.kill(first.pid, signal.SIGKILL)
    first.communicate()
    with lock.hold(tmp_path):
        assert (tmp_path / "lock").read_text() == str(os.getpid())


def test_it_is_free_again_after_the_block(tmp_path):
    for _ in range(2):
        with lock.hold(tmp_path):
            pass
