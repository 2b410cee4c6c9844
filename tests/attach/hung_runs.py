"""Runs of pytest that hang until a test of ours ends them, and `loopcheck attach` to them."""

import os
import re
import select
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

PACKAGES = Path(__file__).resolve().parents[2] / "kernel_ext"
STARTS = ASKED = 60.0  # seconds: bounds for a busy machine
PLUGINS = ("-p", "pytest_asyncio.plugin", "-p", "no:cacheprovider")
LOOPCHECK = ("-p", "loopcheck.plugin", "--loopcheck")
PIPES = ("ready", "release")
TOOK = re.compile(r"in [\d.]+s")
# The loop itself says when the test waits: then it has nothing left to do.
WAITS = """\
import asyncio
from pathlib import Path
import pytest

async def fetch(answer):
    return await answer

@pytest.mark.asyncio
async def test_waits():
    loop = asyncio.get_running_loop()
    answer = loop.create_future()
    reader = asyncio.create_task(fetch(answer))
    loop.call_later(0.01, Path("ready").write_text, "!")
    await reader
"""
# Ends by itself when somebody writes into the pipe.
RELEASED = """\
import asyncio
from pathlib import Path
import pytest

@pytest.mark.asyncio
async def test_waits():
    loop = asyncio.get_running_loop()
    loop.call_later(0.01, Path("ready").write_text, "!")
    with open("release") as file:
        assert await loop.run_in_executor(None, file.readline) == "go on\\n"
"""
# The thread that holds up the main one ends when somebody writes into the pipe.
IN_A_LOCK = """\
import threading
from pathlib import Path

def test_waits():
    def read():
        with open("release") as file:
            Path("ready").write_text("!")
            file.readline()
        done.set()

    done = threading.Event()
    threading.Thread(target=read).start()
    done.wait()
    sum(range(1000))  # the interpreter looks up
"""
INI = "[pytest]\nasyncio_default_fixture_loop_scope = function\n"


class HungRun:
    """A pytest in a folder of its own, which has come to its wait."""

    def __init__(self, process: "subprocess.Popen[str]", root: Path) -> None:
        self.process, self.root = process, root
        self.pid = process.pid

    def attach(
        self, *options: str, python: str = sys.executable, **env: str
    ) -> "subprocess.CompletedProcess[str]":
        return attach(self.pid, *options, python=python, **env)

    def interrupt(self) -> tuple[int, str, str]:
        """Press Ctrl-C, and return exit code and outputs, without times."""
        self.process.send_signal(signal.SIGINT)
        return self.end()

    def release(self) -> tuple[int, str, str]:
        """Let the test go on, and return exit code and outputs, without times."""
        with (self.root / "release").open("w") as file:
            file.write("go on\n")
        return self.end()

    def end(self) -> tuple[int, str, str]:
        out, err = self.process.communicate(timeout=ASKED)
        return self.process.returncode, TOOK.sub("in a moment", out), err


@contextmanager
def hung(
    root: Path,
    text: str,
    *options: str,
    python: str = sys.executable,
    plugins: tuple[str, ...] = PLUGINS,
    waiting: int = 1,
    **env: str,
) -> Iterator[HungRun]:
    """Yield a run of *text*, when *waiting* of its tests have come to their wait."""
    root.mkdir(exist_ok=True)
    (root / "pytest.ini").write_text(INI)
    (root / "test_it.py").write_text(text)
    for name in PIPES:
        if not (root / name).exists():
            os.mkfifo(root / name)
    # Held open for both directions, so that nobody waits to open them.
    ready, release = (os.open(root / name, os.O_RDWR) for name in PIPES)
    process = subprocess.Popen(
        [python, "-m", "pytest", *plugins, *options],
        cwd=root,
        env=os.environ | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "COLUMNS": "80"} | env,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=hears_interrupts,
    )
    try:
        for _ in range(waiting):
            assert select.select([ready], [], [], STARTS)[0], "the test never came to its wait"
            assert os.read(ready, 1), process.communicate(timeout=ASKED)
        yield HungRun(process, root)
    finally:
        for number in (ready, release):
            os.close(number)
        with suppress(ProcessLookupError):
            process.kill()
        process.communicate(timeout=ASKED)


def attach(
    pid: int, *options: str, python: str = sys.executable, **env: str
) -> "subprocess.CompletedProcess[str]":
    """Return what `loopcheck attach` says of process *pid*."""
    return subprocess.run(
        [python, "-m", "loopcheck", "attach", str(pid), *options],
        env=os.environ | {"PYTHONPATH": str(PACKAGES)} | env,
        capture_output=True,
        text=True,
        timeout=ASKED,
        check=False,
    )


def hears_interrupts() -> None:
    """Let Ctrl-C interrupt a process whose parent ignores it."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
