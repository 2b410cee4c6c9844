"""A process that its tests keep from ending: who holds it, and its end with --loopcheck-hang."""

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
    ("name", "what", "began"),
    [
        ("thread", "Python waits for the thread `Thread-1 (pump)`: it is no daemon.", True),
        ("job", "Python waits for the job `pump` in a thread of an executor.", True),
        ("shutdown", "Python waits for the job `pump` in a thread of an executor.", True),
        ("process", "multiprocessing waits for the process `ForkProcess-1`", True),
        ("callback", "Python waits for `pump`, which was registered to run at exit.", False),
    ],
)
def test_who_holds_the_process_is_named_and_the_process_ended(
    ended: dict[str, tuple[int, str, str]], name: str, what: str, began: bool
) -> None:
    if name not in ended:
        pytest.skip("no fork here")
    code, out, err = ended[name]
    assert "3 passed" in out
    assert f"The tests have ended, and {SHORTEST:g} s later the process still runs." in err
    assert f"what     {what}" in err
    assert err.count("\nwhat     ") == 1
    assert ("began    while test_it.py::test_starts ran" in err) is began
    assert ("at       test_it.py:8 in `pump`   gate.wait()" in err) is (name != "process")
    assert ("at       test_it.py:14 in `test_starts`   context.Pr" in err) is (name == "process")
    assert err.endswith("\n--loopcheck-hang=1 ends it now, with pytest's exit code 0.\n")
    assert code == 0


def test_the_exit_code_is_pytests_own(ended: dict[str, tuple[int, str, str]]) -> None:
    code, out, err = ended["failure"]
    assert "1 failed, 2 passed" in out
    assert "with pytest's exit code 1." in err
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
    assert "at       test_it.py:13 in `<lambda>`   threading.Thread(" in err
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
