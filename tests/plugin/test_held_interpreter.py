"""A call into C that keeps the interpreter is ended, though no thread of ours runs meanwhile."""

import os
import signal
import subprocess
import sys
import threading
import types
from pathlib import Path

import pytest
from test_plugin import PLUGINS, Project

from loopcheck.watch.hang import held_interpreter, held_turn
from loopcheck.watch.hang.held_interpreter import HeldInterpreter

pytestmark = pytest.mark.skipif(not hasattr(signal, "SIGVTALRM"), reason="no such timers here")
TEXT = """\
import re
import pytest

@pytest.mark.asyncio
async def test_matches():
    assert re.fullmatch(r"(a+)+", "a" * 60 + "b")

@pytest.mark.asyncio
async def test_counts():
    assert 3 ** 10**10

def test_matches_without_a_loop():
    assert re.fullmatch(r"(a+)+", "a" * 60 + "b")

@pytest.mark.asyncio
async def test_next():
    assert re.fullmatch(r"(a+)+", "a" * 60)
"""


def test_a_call_that_keeps_the_interpreter_is_ended_and_named(tmp_path: Path) -> None:
    project = Project(tmp_path)
    project.write("test_it.py", TEXT)
    ran = project.run("--loopcheck-hang=0.4", "--loopcheck-json=report.json")
    assert "3 failed, 1 passed" in ran.stdout
    found = {one["test"].rpartition("::")[2]: one for one in project.report()["findings"]}
    named = {test: (one["code"], one["where"]["line"]) for test, one in found.items()}
    assert named == {
        "test_matches": ("LC107", 6),
        "test_counts": ("LC107", 10),
        "test_matches_without_a_loop": ("LC203", 13),
    }


def test_a_call_keeps_the_interpreter_only_while_the_watchdog_can_not_run(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A loop without an `await` is at the same place at each signal, and lets others run."""
    now = [0.0]
    monkeypatch.setattr(held_interpreter, "monotonic", lambda: now[0])
    stands = sys._getframe(1)  # in a call meanwhile, so always at the same place
    held = HeldInterpreter(1.0, lambda frame: None, lambda number: True)

    def is_held_after(seconds: float) -> bool:
        now[0] += seconds
        return held._is_held(stands)

    assert (is_held_after(0.0), is_held_after(2.0)) == (False, True)
    held.look(on=True)
    assert (is_held_after(0.5), is_held_after(2.0)) == (False, True)


def test_a_function_called_over_and_over_does_not_keep_the_interpreter() -> None:
    """Each call's frame may lie where the last one's was, and a signal is handled as it begins."""
    held = HeldInterpreter(0.0, lambda frame: None, lambda number: True)
    seen: list[bool] = []

    def begins(frame: types.FrameType, event: str, value: object) -> None:
        sys.settrace(before)
        seen.extend([held._is_held(frame), held._is_held(frame)])

    def asked() -> int:
        return 91

    before = sys.gettrace()
    sys.settrace(begins)
    asked()
    assert seen == [False, False]


def test_the_watchdog_shows_that_it_runs_at_each_of_its_looks() -> None:
    over, beats = threading.Event(), 0

    def beat() -> None:
        nonlocal beats
        beats += 1
        if beats == 3:
            over.set()

    assert len([*held_turn.taken(threading.get_ident(), over, beat)]) == beats == 3


BOUND = 60  # seconds for a process on a busy machine
STAYS = "def test_sums():\n    sum(iter(int, 1))\n"


def test_the_frames_of_a_call_that_lets_no_signal_in_are_printed(tmp_path: Path) -> None:
    Project(tmp_path).write("test_it.py", STAYS)
    with subprocess.Popen(
        [sys.executable, "-m", "pytest", *PLUGINS, "--loopcheck-hang=0.2"],
        cwd=tmp_path,
        env=os.environ | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    ) as one:
        assert one.stderr is not None
        bound = threading.Timer(BOUND, one.kill)
        bound.start()
        try:
            lines = iter(one.stderr)
            assert any("a call in one of these threads keeps the interpreter" in x for x in lines)
            assert any('test_it.py", line 2 in test_sums' in line for line in lines)
        finally:
            bound.cancel()
            one.kill()


PROFILED = """\
import signal

def count(number, frame): pass

signal.signal(signal.SIGPROF, count)
"""
LEFT = """\
import conftest, signal

def test_one():
    assert signal.getsignal(signal.SIGPROF) is conftest.count
    assert signal.getsignal(signal.SIGVTALRM) is signal.SIG_DFL
    assert signal.getitimer(signal.ITIMER_PROF) == (0.0, 0.0)
"""


def test_the_signals_of_a_profiler_stay_its_own(tmp_path: Path) -> None:
    project = Project(tmp_path)
    project.write("conftest.py", PROFILED)
    project.write("test_it.py", LEFT)
    assert "1 passed" in project.run("--loopcheck-hang=1").stdout


def test_a_system_without_such_timers_has_nothing_to_set_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("SIGVTALRM", "SIGPROF", "ITIMER_VIRTUAL", "ITIMER_PROF", "setitimer", "getitimer"):
        monkeypatch.delattr(signal, name)
    held = HeldInterpreter(1.0, lambda frame: None, lambda number: True)
    held.start()
    held.look(on=True)
    held.stop()
    assert held.numbers == ()


TAKES = """\
import signal, time

def test_one():
    heard = []
    signal.signal(signal.SIGPROF, lambda number, frame: heard.append(number))
    signal.signal(signal.SIGVTALRM, lambda number, frame: heard.append(number))
    signal.setitimer(signal.ITIMER_PROF, 600)
    signal.setitimer(signal.ITIMER_VIRTUAL, 600)
    time.sleep(0.5)  # the watchdog looks meanwhile
    assert 590 < signal.getitimer(signal.ITIMER_PROF)[0] < 601
    assert 590 < signal.getitimer(signal.ITIMER_VIRTUAL)[0] < 601

def test_two():
    assert 590 < signal.getitimer(signal.ITIMER_PROF)[0] < 601
"""


def test_a_test_that_takes_the_signals_keeps_its_timers(tmp_path: Path) -> None:
    project = Project(tmp_path)
    project.write("test_it.py", TAKES)
    assert "2 passed" in project.run("--loopcheck-hang=1").stdout


def test_signals_and_timers_are_given_back(tmp_path: Path) -> None:
    Project(tmp_path).write("test_it.py", "def test_it(): pass\n")
    code = (
        f"import pytest, signal\npytest.main({[*PLUGINS, '-q', '--loopcheck-hang=1']!r})\n"
        "assert signal.getsignal(signal.SIGVTALRM) is signal.SIG_DFL\n"
        "assert signal.getitimer(signal.ITIMER_VIRTUAL) == (0.0, 0.0)\n"
        "assert signal.getitimer(signal.ITIMER_PROF) == (0.0, 0.0)\n"
        "import os\nfrom loopcheck.attach import target_process\n"
        "assert not target_process.catches(os.getpid(), signal.SIGPROF)\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env=os.environ | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
