"""A forked pytest is as good as a fresh one: it starts with the same, and ends in the same way."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import samples
import warm
from signs_of_life import Sign

COMMAND = (sys.executable, "-m", "pytest", "-s", "-p", "no:cacheprovider")
PLUGINS = ("-p", "pytest_asyncio.plugin", "-p", "loopcheck.plugin", "--loopcheck")
VARIES = re.compile(r"0x\w+|\d{9,}|in \d+\.\d+s")
LOOKS = """\
import asyncio, atexit, gc, logging, os, signal, sys, threading, warnings

import shop

def test_what_it_starts_with():
    print("shop", shop.NAME, sys.modules["__main__"].__spec__.name)
    print("words", sys.argv[1:], os.getcwd(), sys.path, sys.flags)
    print("environment", sorted(os.environ), os.environ["SIGN"], sys.pycache_prefix)
    print("threads", threading.enumerate(), threading.current_thread() is threading.main_thread())
    print("signals", [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)])
    print("loops", [one for one in gc.get_objects() if isinstance(one, asyncio.AbstractEventLoop)])
    print("policy", asyncio.get_event_loop_policy()._local.__dict__, warnings.filters)
    print("collector", gc.get_threshold(), gc.isenabled(), len(gc.callbacks))
    print("streams", sys.stdin.read(), sys.stdout.encoding, logging.root.handlers)

def late():
    threading.main_thread().join()
    os.write(2, b"a late thread, ")

def test_how_it_ends():
    sys.stderr.write("a complaint, ")
    atexit.register(os.write, 2, b"the end")
    threading.Thread(target=late).start()
    assert False
"""


def said(folder: Path, *, cold: bool) -> "subprocess.CompletedProcess[str]":
    env = os.environ | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "SIGN": folder.name}
    return warm.run([*COMMAND, *PLUGINS], folder, env, cold=cold)


@pytest.mark.skipif(not warm.AVAILABLE, reason="no fork here that is safe")
def test_a_warm_run_starts_and_ends_as_a_cold_one(tmp_path: Path) -> None:
    (tmp_path / "pytest.ini").write_text(samples.INI)
    (tmp_path / "test_looks.py").write_text(LOOKS)
    (tmp_path / "shop.py").write_text("NAME = 'first'\n")
    runs = [said(tmp_path, cold=cold) for cold in (True, False, False)]
    cold, *others = ((run.returncode, VARIES.sub("", run.stdout), run.stderr) for run in runs)
    assert cold[0] == pytest.ExitCode.TESTS_FAILED
    assert cold[2] == "a complaint, a late thread, the end"
    assert others == [cold, cold]


@pytest.mark.skipif(not warm.AVAILABLE, reason="no fork here that is safe")
def test_what_one_run_imports_is_unknown_to_the_next(tmp_path: Path) -> None:
    for name in ("first", "second"):
        folder = tmp_path / name
        folder.mkdir()
        (folder / "shop.py").write_text(f"NAME = {name!r}\n")
        (folder / "test_looks.py").write_text(LOOKS)
        assert f"shop {name} pytest.__main__" in said(folder, cold=False).stdout


@pytest.mark.skipif(not warm.AVAILABLE, reason="no fork here that is safe")
def test_what_all_runs_need_is_loaded_before_they_begin(tmp_path: Path) -> None:
    """Where that fails nothing else would, and all would take twice as long."""
    (tmp_path / "conftest.py").write_text("import sys\nprint('loaded', 'fastapi' in sys.modules)\n")
    assert "loaded True" in said(tmp_path, cold=False).stdout
    assert "loaded False" in said(tmp_path, cold=True).stdout


BOUND = 60  # seconds for what must happen, on a busy machine
WAITS = """\
import threading

def test_waits_for_nothing():
    sign = open({sign!r}, "wb", buffering=0)
    sign.write(b"x")
    threading.Event().wait()
"""


@pytest.mark.skipif(os.name != "posix", reason="no named pipes")
@pytest.mark.parametrize("cold", [True, False])
def test_a_run_that_takes_too_long_says_where_it_was(tmp_path: Path, cold: bool) -> None:
    sign = Sign(tmp_path / "sign", BOUND)
    (tmp_path / "test_looks.py").write_text(WAITS.format(sign=str(sign.path)))
    env = os.environ | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    run = warm.start([*COMMAND, *PLUGINS], tmp_path, env, cold=cold, stderr=subprocess.PIPE)
    assert sign.read(1) == b"x"
    assert "in test_waits_for_nothing" in "".join(warm.stopped(run))
    assert sign.silent()
    os.close(sign.end)


FORKS = """\
import os, time

def test_forks():
    sign = open({sign!r}, "wb", buffering=0)  # held open by both processes
    os.fork()
    sign.write(b"x")
    time.sleep(600)
"""
OWNER = """\
import os, sys
from pathlib import Path

import warm

runs = []
for line in sys.stdin:
    match line.split():
        case ["start", name]:
            command = [sys.executable, *{command!r}, f"test_{{name}}.py"]
            runs.append(warm.start(command, Path(), os.environ))
        case ["kill"]:
            runs[-1].kill()
        case ["close"]:
            runs[-1]._line.close()
"""


@pytest.mark.skipif(not warm.AVAILABLE, reason="no fork here that is safe")
def test_a_run_that_is_ended_takes_along_what_it_forked(tmp_path: Path) -> None:
    """Whether it is killed, nobody waits for it any more, or who asked for it was killed."""
    command = [*COMMAND[1:], *PLUGINS]
    (tmp_path / "owner.py").write_text(OWNER.format(command=command))
    owner = subprocess.Popen(
        [sys.executable, "owner.py"],
        cwd=tmp_path,
        env=os.environ
        | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTHONPATH": str(Path(warm.__file__).parent)},
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
    )
    with owner:
        assert owner.stdin is not None
        for name in ("kill", "close", "owner"):
            sign = Sign(tmp_path / name, BOUND)
            (tmp_path / f"test_{name}.py").write_text(FORKS.format(sign=str(sign.path)))
            print("start", name, file=owner.stdin, flush=True)
            assert sign.read(2) == b"xx"
            if name == "owner":
                owner.kill()
            else:
                print(name, file=owner.stdin, flush=True)
            assert sign.silent()
            os.close(sign.end)
