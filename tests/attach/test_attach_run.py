"""`loopcheck attach` asks a run with --loopcheck, and the run does not notice."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import hung_runs
import pytest
from hung_runs import IN_A_LOCK, LOOPCHECK, RELEASED, WAITS, attach, hung

pytestmark = pytest.mark.skipif(not hasattr(signal, "SIGQUIT"), reason="there is no SIGQUIT here")
HANDLER = """\
import signal

def of_the_project(number, frame):
    print("called")

signal.signal(signal.SIGQUIT, of_the_project)
"""
REPLACED = """\
import asyncio, signal
from pathlib import Path
import pytest

@pytest.mark.asyncio
async def test_waits():
    signal.signal(signal.SIGQUIT, signal.SIG_DFL)
    loop = asyncio.get_running_loop()
    loop.call_later(0.01, Path("ready").write_text, "!")
    await loop.create_future()
"""

DEAF = """\
import signal
from pathlib import Path

def test_waits():
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGQUIT])
    Path("ready").write_text("!")
    with open("release") as file:
        assert file.readline() == "go on\\n"
    signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGQUIT])
"""


def watch(pid: int, *options: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", "loopcheck", "attach", str(pid), "--watch", *options],
        env=os.environ | {"PYTHONPATH": str(hung_runs.PACKAGES)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_it_names_the_future_the_task_and_the_line(tmp_path: Path) -> None:
    with hung(tmp_path, WAITS, *LOOPCHECK) as run:
        told = run.attach()
    assert (told.returncode, told.stderr) == (0, "")
    assert f"what waits now, in test_it.py::test_waits (call) (process {run.pid})" in told.stdout
    assert "LC203 hang (certain)" in told.stdout
    assert "`fetch` waits at test_it.py:6" in told.stdout
    assert "change   test_it.py:6   return await answer" in told.stdout
    assert "test_waits waits at test_it.py:14" in told.stdout


def test_the_run_ends_as_if_nobody_had_asked(tmp_path: Path) -> None:
    with hung(tmp_path, WAITS, *LOOPCHECK) as run:
        alone = run.interrupt()
    with hung(tmp_path, WAITS, *LOOPCHECK) as run:
        assert "LC203" in run.attach().stdout
        assert "LC203" in run.attach().stdout
        assert run.interrupt() == alone
    with hung(tmp_path, RELEASED, *LOOPCHECK) as run:
        assert "test_waits waits" in run.attach().stdout
        code, out, err = run.release()
    assert (code, err) == (0, "")
    assert "1 passed" in out


def test_json_holds_findings_tasks_and_threads(tmp_path: Path) -> None:
    with hung(tmp_path, WAITS, *LOOPCHECK) as run:
        seen = json.loads(run.attach("--json").stdout)
    [found] = seen["findings"]
    assert (found["code"], found["subject"]["name"]) == ("LC203", "answer")
    where = {"file": "test_it.py", "line": 6, "name": "fetch", "source": "return await answer"}
    assert found["where"] == where
    assert {one["coroutine"] for one in seen["tasks"]} == {"fetch", "test_waits"}
    assert [one["name"] for one in seen["threads"]] == ["MainThread"]
    assert (seen["process"], seen["test"]) == (run.pid, "test_it.py::test_waits (call)")


def test_the_controller_names_its_workers_and_each_is_asked(tmp_path: Path) -> None:
    two = WAITS + WAITS.partition("\n\n")[2].replace("test_waits", "test_also_waits")
    plugins = (*hung_runs.PLUGINS, "-p", "xdist.plugin")
    with hung(tmp_path, two, *LOOPCHECK, "-n", "2", plugins=plugins, waiting=2) as run:
        told = run.attach().stdout
        seen = json.loads(run.attach("--json").stdout)
    assert f"process {run.pid} controls 2 workers of pytest-xdist" in told
    assert told.count("LC203 hang (certain)") == 2
    tests = {one["test"] for one in seen["workers"]}
    assert tests == {"test_it.py::test_waits (call)", "test_it.py::test_also_waits (call)"}


def test_the_projects_own_handler_is_not_called(tmp_path: Path) -> None:
    (tmp_path / "conftest.py").write_text(HANDLER)
    with hung(tmp_path, RELEASED, *LOOPCHECK, "-s") as run:
        assert "test_waits waits" in run.attach().stdout
        _, out, _ = run.release()
    assert "1 passed" in out
    assert "called" not in out


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux shows who has a handler")
def test_a_run_that_took_our_handler_away_gets_no_signal(tmp_path: Path) -> None:
    with hung(tmp_path, REPLACED, *LOOPCHECK) as run:
        told = run.attach()
        assert run.process.poll() is None
    assert told.returncode == (2 if sys.version_info < (3, 14) else 0)


def test_a_main_thread_in_a_lock_answers(tmp_path: Path) -> None:
    with hung(tmp_path, IN_A_LOCK, *LOOPCHECK) as run:
        seen = json.loads(run.attach("--json").stdout)
        code, out, err = run.release()
    assert {"file": "test_it.py", "line": 13, "name": "test_waits"} in [
        one.get("where") for one in seen["threads"]
    ]
    assert (code, "1 passed" in out, err) == (0, True, "")


def test_a_run_that_does_not_answer_gets_one_line_and_prints_nothing_later(tmp_path: Path) -> None:
    with hung(tmp_path, DEAF, *LOOPCHECK) as run:
        told = run.attach()
        code, out, err = run.release()
    assert (told.returncode, told.stdout) == (1, "")
    assert told.stderr.startswith(f"loopcheck: Process {run.pid} has not answered within 5 s: ")
    assert told.stderr.count("\n") == 1
    assert (code, "1 passed" in out, err) == (0, True, "")


def test_ctrl_c_ends_the_watch_and_not_the_run(tmp_path: Path) -> None:
    with hung(tmp_path, RELEASED, *LOOPCHECK) as run:
        watching = watch(run.pid)
        assert watching.stdout is not None
        assert "what waits now" in watching.stdout.readline()
        watching.send_signal(signal.SIGINT)
        assert watching.communicate(timeout=hung_runs.ASKED)[1] == ""
        assert watching.returncode == 0
        assert run.release()[0] == 0


def test_watch_shows_a_change_once_and_ends_with_the_process(tmp_path: Path) -> None:
    with hung(tmp_path, RELEASED, *LOOPCHECK) as run:
        watching = watch(run.pid, "--json")
        assert watching.stdout is not None
        first = watching.stdout.readline()
        code, out, _ = run.release()
        assert (code, "1 passed" in out) == (0, True)
        rest, err = watching.communicate(timeout=hung_runs.ASKED)
    assert json.loads(first)["tasks"]
    assert rest == ""
    assert err == f"loopcheck: process {run.pid} has ended.\n"
    assert watching.returncode == 0


@pytest.mark.skipif(sys.version_info >= (3, 14), reason="from 3.14 on, any process answers")
def test_a_run_without_the_option_is_left_alone(tmp_path: Path) -> None:
    with hung(tmp_path, RELEASED) as run:
        told = run.attach()
        code, out, _ = run.release()
    assert told.returncode == 2
    assert f"Process {run.pid} runs Python 3." in told.stderr
    assert "Try: pytest --loopcheck" in told.stderr
    assert (code, "1 passed" in out) == (0, True)


def test_a_number_that_no_process_has_gets_one_line() -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    told = attach(ended.pid)
    assert (told.returncode, told.stdout) == (2, "")
    assert told.stderr == f"loopcheck: No process {ended.pid} runs here. Try: pgrep -af pytest\n"
