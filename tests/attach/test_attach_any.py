"""`loopcheck attach` asks a process of Python 3.14 or later that knows nothing of loopcheck.

They need such a Python with pytest and pytest-asyncio: the one that runs these tests, the one that
`LOOPCHECK_PYTHON_314` names, or `python3.14` on the path.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from functools import cache
from pathlib import Path

import pytest
from hung_runs import ASKED, IN_A_LOCK, PACKAGES, PLUGINS, WAITS, attach, hears_interrupts, hung

VARIABLE = "LOOPCHECK_PYTHON_314"
HAS = "import sys, pytest, pytest_asyncio; sys.exit(sys.version_info < (3, 14))"


@cache
def newer() -> str | None:
    """Return a Python that can look into other processes."""
    for one in (os.environ.get(VARIABLE), sys.executable, shutil.which("python3.14")):
        if (
            one
            and not subprocess.run([one, "-c", HAS], capture_output=True, check=False).returncode
        ):
            return one
    return None


@pytest.fixture
def python() -> str:
    found = newer()
    if found is None:
        pytest.skip(f"no Python 3.14 with pytest and pytest-asyncio: {VARIABLE} names one")
    return found


pytestmark = pytest.mark.skipif(
    sys.platform != "linux", reason="macOS lets only root ask, and only Linux interrupts a wait"
)
STRICT = ("-W", "error")
# The test itself compares the process before and after the look.
SAME = """\
import gc, os, signal, sys, threading, warnings

FILES = "/proc/self/fd"  # the last one is that of the list itself

def state():
    return {
        "modules": {one for one in sys.modules if one.startswith("loopcheck")},
        "path": list(sys.path),
        "importers": {one for one in sys.path_importer_cache if "loopcheck" in one},
        "threads": threading.active_count(),
        "files": [os.path.realpath(f"{FILES}/{one}") for one in os.listdir(FILES)][:-1],
        "handlers": {n: signal.getsignal(n) for n in signal.valid_signals()},
        "filters": list(warnings.filters),
        "collects": gc.isenabled(),
        "tracer": sys.gettrace(),
        "writes": sys.dont_write_bytecode,
    }
"""
LOOKS_THE_SAME = """\
import asyncio, sys
from pathlib import Path
import pytest
from state import state

SEEN = set()

def tracer(frame, event, argument):
    SEEN.add(frame.f_code.co_filename)

@pytest.mark.asyncio
async def test_waits():
    loop = asyncio.get_running_loop()
    with open("release") as file:
        sys.settrace(tracer)
        before = state()
        woken = asyncio.Event()
        loop.add_reader(file.fileno(), woken.set)
        loop.call_later(0.01, Path("ready").write_text, "!")
        await woken.wait()
        loop.remove_reader(file.fileno())
        after = state()
        sys.settrace(None)
    changed = {one: (before[one], after[one]) for one in before if before[one] != after[one]}
    assert not changed
    assert SEEN
    assert not [one for one in SEEN if "loopcheck" in one]
"""
SCRIPT = """\
import asyncio

async def main():
    orders = asyncio.Queue()
    print("waits", flush=True)
    await orders.get()

asyncio.run(main())
"""
COMPUTES = """\
import asyncio
from pathlib import Path
import pytest

@pytest.mark.asyncio
async def test_waits():
    Path("ready").write_text("!")
    while True:
        pass
"""


def test_a_hung_pytest_that_knows_nothing_of_loopcheck(python: str, tmp_path: Path) -> None:
    with hung(tmp_path, WAITS, *STRICT, python=python) as run:
        alone = run.interrupt()
    with hung(tmp_path, WAITS, *STRICT, python=python) as run:
        told = run.attach(python=python)
        assert run.process.poll() is None
        ended = run.interrupt()
    assert (told.returncode, told.stderr) == (0, "")
    assert "what waits now, in test_it.py::test_waits (call)" in told.stdout
    assert "LC203 hang (certain)" in told.stdout
    assert "`fetch` waits at test_it.py:6" in told.stdout
    assert "`answer`, which never arrives" in told.stdout
    assert "change   test_it.py:6   return await answer" in told.stdout
    assert ended == alone


def test_the_process_is_as_before_and_passes(python: str, tmp_path: Path) -> None:
    (tmp_path / "state.py").write_text(SAME)
    with hung(tmp_path, LOOKS_THE_SAME, *STRICT, python=python) as run:
        for _ in range(2):
            assert "test_waits waits" in run.attach(python=python).stdout
        code, out, _ = run.release()
    assert "1 passed" in out, out
    assert code == 0


def test_a_main_thread_that_runs_no_python_gets_one_line(python: str, tmp_path: Path) -> None:
    with hung(tmp_path, IN_A_LOCK, *STRICT, python=python) as run:
        told = run.attach(python=python)
        code, out, err = run.release()
    assert (told.returncode, told.stdout) == (1, "")
    assert told.stderr.count("\n") == 1
    assert "test_it.py:13 in test_waits that runs no Python code" in told.stderr
    assert (code, err) == (0, "")  # it found no script to run, and did not miss it
    assert "1 passed" in out


def test_ctrl_c_while_it_waits_withdraws_the_question(python: str, tmp_path: Path) -> None:
    (temporary := tmp_path / "temporary").mkdir()
    with hung(tmp_path, IN_A_LOCK, *STRICT, python=python) as run:
        asking = subprocess.Popen(
            [python, "-m", "loopcheck", "attach", str(run.pid)],
            env=os.environ | {"PYTHONPATH": str(PACKAGES), "TMPDIR": str(temporary)},
            stderr=subprocess.PIPE,
            text=True,
            preexec_fn=hears_interrupts,
        )
        deadline = time.monotonic() + ASKED
        while not list(temporary.glob("*/look.py")):
            assert time.monotonic() < deadline
        asking.send_signal(signal.SIGINT)
        assert asking.communicate(timeout=ASKED)[1] == ""
        code, out, err = run.release()
    assert (code, err) == (0, ""), out
    assert list(temporary.iterdir()) == []


def test_a_loop_that_computes_says_where(python: str, tmp_path: Path) -> None:
    with hung(tmp_path, COMPUTES, python=python) as run:
        seen = json.loads(run.attach("--json", python=python).stdout)
    assert seen["findings"] == []
    assert seen["threads"][0]["where"]["name"] == "test_waits"


def test_workers_of_xdist_are_asked_too(python: str, tmp_path: Path) -> None:
    if subprocess.run([python, "-c", "import xdist"], capture_output=True, check=False).returncode:
        pytest.skip("no pytest-xdist in that Python")
    plugins = (*PLUGINS, "-p", "xdist.plugin")
    with hung(tmp_path, WAITS, "-n", "1", python=python, plugins=plugins) as run:
        told = run.attach(python=python).stdout
    assert f"process {run.pid} controls 1 workers of pytest-xdist" in told
    assert "LC203 hang (certain)" in told


def test_a_program_that_is_no_pytest(python: str) -> None:
    program = subprocess.Popen([python, "-c", SCRIPT], stdout=subprocess.PIPE, text=True)
    try:
        assert program.stdout is not None
        assert program.stdout.readline() == "waits\n"
        told = attach(program.pid, python=python).stdout
        assert program.poll() is None
    finally:
        program.kill()
        program.communicate(timeout=ASKED)
    assert f"loopcheck: what waits now (process {program.pid})" in told
    assert "LC203 hang (certain)" in told
    assert "`main` waits at <string>:6 for an item of the queue `orders`" in told


def test_one_that_forbids_it_gets_the_way_out(python: str, tmp_path: Path) -> None:
    with hung(tmp_path, WAITS, python=python, PYTHON_DISABLE_REMOTE_DEBUG="1") as run:
        told = run.attach(python=python)
    assert told.returncode == 2
    assert "was started with PYTHON_DISABLE_REMOTE_DEBUG" in told.stderr
    assert "Try: pytest --loopcheck" in told.stderr


def test_a_caller_that_may_not_ask_hears_why(python: str, tmp_path: Path) -> None:
    with hung(tmp_path, WAITS, python=python) as run:
        told = run.attach(python=python, PYTHON_DISABLE_REMOTE_DEBUG="1")
    assert told.returncode == 2
    assert "PYTHON_DISABLE_REMOTE_DEBUG is set. Unset it here." in told.stderr


@pytest.mark.skipif(sys.version_info >= (3, 14), reason="both would be the same Python")
def test_another_python_gets_the_command_to_type(python: str, tmp_path: Path) -> None:
    with hung(tmp_path, WAITS, python=python) as run:
        told = run.attach().stderr
        assert f"Process {run.pid} runs Python 3.14, and this is 3.1" in told
        typed = told.partition("Try: ")[2]
        again = subprocess.run(
            typed, shell=True, capture_output=True, text=True, timeout=ASKED, check=False
        )
    assert "LC203 hang (certain)" in again.stdout


def test_nothing_is_left_in_the_folder_for_temporary_files(python: str, tmp_path: Path) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    with hung(tmp_path, COMPUTES, python=python) as run:
        assert run.attach(python=python, TMPDIR=str(temporary)).returncode == 0
    assert list(temporary.iterdir()) == []
