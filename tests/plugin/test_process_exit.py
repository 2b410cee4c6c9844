"""A process that its tests keep from ending: who holds it, and its end with --loopcheck-hang."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from test_plugin import PLUGINS, Project

from loopcheck.watch.hang.process_exit import NAME, PATIENCE, SHORTEST

BOUND = 60  # seconds for a process on a busy machine
HEAD = """\
import atexit, multiprocessing, os, threading
from concurrent.futures import ThreadPoolExecutor

gate = threading.Event()
atexit.register(lambda: open("at_exit", "w").close())

def pump(gate=gate):
    gate.wait()

def test_first(): pass

def test_starts():
    {starts}

def test_last(): pass
"""
HOLD = {
    "thread": "threading.Thread(target=pump).start()",
    "job": "ThreadPoolExecutor().submit(pump)",
    "process": "context = multiprocessing.get_context('fork')\n"
    "    context.Process(target=pump, args=(context.Event(),)).start()",
    "callback": "atexit.register(pump)",
    "shutdown": "pool = ThreadPoolExecutor(); pool.submit(pump)\n"
    "    threading.Thread(target=pool.shutdown).start()",
    "failure": "threading.Thread(target=pump).start(); assert 0",
}
FREE = {
    "daemon": "threading.Thread(target=pump, daemon=True).start()",
    "idle pool": "ThreadPoolExecutor().submit(int).result()",
    "daemon process": "context = multiprocessing.get_context('fork')\n"
    "    context.Process(target=pump, args=(context.Event(),), daemon=True).start()",
}
if sys.platform == "win32":  # no fork there
    del HOLD["process"], FREE["daemon process"]


def started(root: Path, starts: str, *options: str) -> "subprocess.Popen[str]":
    Project(root).write("test_it.py", HEAD.format(starts=starts))
    return subprocess.Popen(
        [sys.executable, "-m", "pytest", *PLUGINS, *options],
        cwd=root,
        env=os.environ | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.fixture(scope="module")
def ended(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[int, str, str]]:
    """Return exit code, stdout and stderr of processes that ran at once: each takes 6 s."""
    running = {}
    for name, starts in (HOLD | FREE).items():
        root = tmp_path_factory.mktemp("run")
        running[name] = root, started(root, starts, "--loopcheck-hang=1")
    found = {}
    for name, (root, one) in running.items():
        out, err = one.communicate(timeout=BOUND)
        found[name] = one.returncode, out, err
        # Callbacks run last one first: the one that holds the process keeps the others from it.
        assert (root / "at_exit").exists() is (name != "callback"), name
    return found


@pytest.mark.parametrize(
    ("name", "what", "at", "change"),
    [
        ("thread", "Python waits for the thread `pump`", 8, 13),
        ("job", "Python waits for the job `pump` in a worker thread", 8, 13),
        ("shutdown", "Python waits for the job `pump` in a worker thread", 8, 13),
        ("process", "multiprocessing waits for the process `pump`", 0, 14),
        ("callback", "Python waits for the exit callback `pump`", 8, 8),
    ],
)
def test_who_holds_the_process_is_named_and_the_process_ended(
    ended: dict[str, tuple[int, str, str]], name: str, what: str, at: int, change: int
) -> None:
    if name not in ended:
        pytest.skip("no fork here")
    code, out, err = ended[name]
    assert "3 passed" in out
    assert f"The tests have ended, and {SHORTEST:g} s later the process still runs." in err
    said = " ".join(err.split())
    assert f"LC209 exit-blocked (certain) what After the tests, {what}" in said
    assert err.count("\nwhat     ") == 1
    started = name != "callback"
    assert ("test_it.py::test_starts [session]" in err) is started
    assert (f"which test_it.py:{change} starts" in said) is started
    assert ("\nused     test_it.py:8" in err) is bool(at)
    assert f"\nchange   test_it.py:{change}" in err
    assert err.endswith("\n--loopcheck-hang=1 ends it now, with exit code 0.\n")
    assert code == 0


def test_the_exit_code_is_pytests_own(ended: dict[str, tuple[int, str, str]]) -> None:
    code, out, err = ended["failure"]
    assert "1 failed, 2 passed" in out
    assert "ends it now, with exit code 1." in err
    assert code == 1


@pytest.mark.parametrize("name", FREE)
def test_what_holds_nothing_is_no_news(ended: dict[str, tuple[int, str, str]], name: str) -> None:
    assert (ended[name][0], ended[name][2]) == (0, "")


@pytest.mark.skipif(sys.platform == "win32", reason="named pipes")
def test_without_a_limit_the_process_ends_when_its_thread_does(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    one = started(
        tmp_path, f"threading.Thread(target=lambda: open({str(pipe)!r})).start()", "--loopcheck"
    )
    assert one.stderr is not None
    lead = next(line for line in one.stderr if "the process still runs" in line)
    assert lead == f"The tests have ended, and {PATIENCE:g} s later the process still runs.\n"
    pipe.open("w").close()
    err = one.stderr.read()
    assert "change   test_it.py:13   threading.Thread(" in err
    assert one.wait(BOUND) == 0
    one.communicate()


def test_a_process_that_goes_on_keeps_no_thread_of_ours(tmp_path: Path) -> None:
    Project(tmp_path).write("test_it.py", "def test_it(): pass\n")
    script = (
        f"import pytest, threading; pytest.main({[*PLUGINS, '--loopcheck', '-q']}); "
        "print([one.name for one in threading.enumerate()])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=tmp_path,
        env=os.environ | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        capture_output=True,
        text=True,
        timeout=BOUND,
        check=False,
    )
    assert NAME not in done.stdout
    assert done.stdout.endswith("['MainThread']\n")
    assert (done.returncode, done.stderr) == (0, "")


def test_the_finding_is_in_the_json_report_and_can_fail_the_run(tmp_path: Path) -> None:
    report = tmp_path / "report.json"
    one = started(
        tmp_path,
        HOLD["thread"],
        *("--loopcheck", f"--loopcheck-json={report}", "--loopcheck-hang=1"),
        "--loopcheck-fail=LC209",
    )
    _, err = one.communicate(timeout=BOUND)
    [found] = json.loads(report.read_text())["findings"]
    assert (found["code"], found["test"]) == ("LC209", "test_it.py::test_starts")
    assert err.endswith("ends it now, with exit code 1.\n")
    assert one.returncode == 1


def test_a_finding_that_the_project_ignores_is_not_shown(tmp_path: Path) -> None:
    starts = f"{HOLD['thread']}  # loopcheck: ignore[LC209]"
    one = started(tmp_path, starts, "--loopcheck", "--loopcheck-hang=1")
    _, err = one.communicate(timeout=BOUND)
    assert "LC209" not in err
    assert one.returncode == 0


def test_threads_start_as_before_after_a_run(tmp_path: Path) -> None:
    Project(tmp_path).write("test_it.py", "def test_it(): pass\n")
    script = (
        "import threading, pytest; before = threading.Thread.start; "
        f"pytest.main({[*PLUGINS, '--loopcheck', '-q']}); "
        "print(threading.Thread.start is before)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=tmp_path,
        env=os.environ | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        capture_output=True,
        text=True,
        timeout=BOUND,
        check=False,
    )
    assert done.stdout.endswith("True\n")
