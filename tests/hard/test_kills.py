"""Whatever is killed, at whatever moment: nothing stays behind, and no progress is lost."""

import json
import os
import random
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from time import monotonic
from typing import Self

import pytest
from _owners import (  # type: ignore[import-not-found,unused-ignore]
    gone,
    memory,
    memory_in,
    processes,
)
from tried import LEAKED, Planted

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")

ENDS_IN = 40.0  # seconds on a busy machine; most are gone at once
LATEST = 6.0  # seconds after its start
LOOKS_EACH = 0.03  # seconds; a server lives for a quarter at least
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGKILL, signal.SIGKILL)

SHELL = """
import os, sys
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config
config = Config()
config.HistoryManager.enabled = False
shell = InteractiveShell.instance(config=config)
shell.run_cell("%load_ext loopcheck.lab")
print("up", flush=True)
"""
# Keeps progress, and says in a file of its own what was kept by then.
LEARNER = (
    SHELL
    + """
from dataclasses import replace
from loopcheck.lab.learner import progress
kept = open(os.environ["KEPT"], "a")
number = 0
while True:
    number += 1
    progress.change("lc102_loop_mismatch", lambda state: replace(state, tries=number))
    print(number, file=kept, flush=True)
"""
)
PROJECT = """%%project p
# file: test_a.py
import subprocess, sys, pytest, asyncio
@pytest.mark.asyncio
@pytest.mark.parametrize("n", range(400))
async def test_a(n):
    if n % 5 == 0:
        subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    await asyncio.sleep(0.05)
    assert n % 3
"""
RUNNER = SHELL + f"shell.run_cell({PROJECT!r})\nwhile True:\n    shell.run_cell('%pytest p')\n"
# What a Jupyter server is to a real kernel; either may be killed.
KERNEL = f"""
from jupyter_client.manager import KernelManager
manager = KernelManager(connection_file="connection.json")  # Jupyter's own, and not in our way
manager.start_kernel()
client = manager.client()
client.start_channels()
client.wait_for_ready()
for code in ("%load_ext loopcheck.lab", {PROJECT!r}):
    client.execute_interactive(code)
while True:
    client.execute_interactive("%pytest p")
"""
GRADER = (
    SHELL
    + """
from loopcheck.lab import exercises
code = "%%exercise LC102\\n" + exercises.find("LC102").skeleton
while True:
    shell.run_cell(code)
"""
)
SERVERS = """
import loopcheck.servers as servers
print("up", flush=True)
while True:
    one = servers.start_valkey()
    two = servers.start_postgres()
    one.close()
    two.close()
"""
SUITE = """
import asyncio, pytest
pytestmark = pytest.mark.asyncio
queue = asyncio.Queue()
@pytest.mark.parametrize("n", range(2000))
async def test_a(n):
    asyncio.get_running_loop().call_soon(queue.put_nowait, 1)
    await queue.get()
"""
REPORTED = (
    *("-m", "pytest", "-p", "pytest_asyncio.plugin", "-p", "loopcheck.plugin", "-q"),
    *("-p", "no:cacheprovider", "--loopcheck-json=report.json", "test_suite.py"),
)
SPREAD = (*REPORTED[:6], "-p", "xdist.plugin", "-n", "2", *REPORTED[6:])
WHAT: dict[str, tuple[str, ...]] = {
    "a learner": ("-c", LEARNER),
    "%pytest": ("-c", RUNNER),
    "a server with a kernel": ("-c", KERNEL),
    "a grader": ("-c", GRADER),
    "servers": ("-c", SERVERS),
    "a suite": REPORTED,
    "a suite on workers": SPREAD,
}


class Places:
    """Where a process that will be killed keeps its things."""

    def __init__(self, root: Path) -> None:
        self.temporary, self.home, self.work = root / "tmp", root / "home", root / "work"
        for one in (self.temporary, self.work):
            one.mkdir(parents=True)
        (self.work / "test_suite.py").write_text(SUITE)
        self.kept = root / "kept"

    def environment(self) -> dict[str, str]:
        own = {"TMPDIR": str(self.temporary), "LOOPCHECK_HOME": str(self.home)}
        own |= {"KEPT": str(self.kept), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
        return {**os.environ, **own, "IPYTHONDIR": str(self.work / "ipython")}

    def lost(self) -> Iterator[str]:
        """Yield what is left behind or broken."""
        end = monotonic() + ENDS_IN
        while left := processes(self.temporary) or processes(self.temporary):
            if not all(gone(each, max(0.0, end - monotonic())) for each in left):
                yield from (f"process {one}: {command(one)}" for one in left)
                break
        # What a killed kernel left goes with the next one.
        sweep = "from loopcheck.children import temporary_folders as t; t.sweep()"
        subprocess.run([sys.executable, "-c", sweep], env=self.environment(), check=True)
        yield from (f"folder {one.name}" for one in self.temporary.iterdir() if ours(one))
        report = self.work / "report.json"
        if report.exists() and json.loads(report.read_text())["schema"] != 2:
            yield "the report is not whole"
        yield from self.lost_progress()

    def lost_progress(self) -> Iterator[str]:
        if not self.kept.exists():
            return
        kept = [int(one) for one in self.kept.read_text().splitlines(keepends=True) if "\n" in one]
        file = self.home / "lc102_loop_mismatch.json"
        if not kept:
            return
        found = list(self.home.rglob(file.name))
        tries = json.loads(found[0].read_text())["tries"] if found else 0
        if tries < kept[-1]:
            yield f"progress: {tries} of {kept[-1]}"
        if list(self.home.rglob("*broken*")):
            yield "a progress file broke"


def ours(path: Path) -> bool:
    return not path.name.startswith(("pytest-of-", "pymp-"))


def command(pid: int) -> str:
    with suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()[:100]
    return "gone"


def hears_stop() -> None:
    """Take back what a shell does to a command in the background: it ignores Ctrl-C."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


class Makers:
    """Takes down what shared memory is made in a place: once its maker is gone, nobody can tell.

    What it overlooks on a busy machine is found at the end of the run, without its owner's name.
    """

    def __init__(self, temporary: Path) -> None:
        self.temporary, self.made = temporary, set[str]()
        self.end, self.thread = threading.Event(), threading.Thread(target=self.look)

    def look(self) -> None:
        while not self.end.wait(LOOKS_EACH):
            self.made |= memory_in(self.temporary)

    def lost(self) -> list[str]:
        """Return what was made and outlived its maker."""
        return sorted(self.made & memory())

    def __enter__(self) -> Self:
        self.thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self.end.set()
        self.thread.join()


def killed(places: Places, what: str, chance: random.Random) -> str:
    """Start *what*, kill it at some moment, and return how."""
    process = subprocess.Popen(
        [sys.executable, *WHAT[what]],
        cwd=places.work,
        env=places.environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        preexec_fn=hears_stop,
    )
    try:
        moment, how = chance.uniform(0, LATEST), chance.choice(SIGNALS)
        with suppress(subprocess.TimeoutExpired):
            process.wait(moment)
        told = f"{what}, {how.name} after {moment:.2f} s"
        below = [one for one in processes(places.temporary) if one != process.pid]
        if below and chance.random() < 0.3:  # a supervisor, a server, a worker, a test run
            victim = chance.choice(below)
            told += f" to {command(victim)[:60]}"
            kill_below(victim, how, places)
        elif process.poll() is not None:  # its number may be another's by now
            told += ", when it had ended"
        elif how == signal.SIGINT:
            os.killpg(process.pid, how)  # Stop goes to the whole group
        else:
            process.send_signal(how)
    finally:  # also where somebody stops the tests
        end_of(process)
    return told


def kill_below(victim: int, how: signal.Signals, places: Places) -> None:
    """Send *how* to *victim*, if that number is still of a process of *places*."""
    with suppress(ProcessLookupError):
        file = os.pidfd_open(victim)
        try:
            if victim in processes(places.temporary):
                signal.pidfd_send_signal(file, how)
        finally:
            os.close(file)


def end_of(process: "subprocess.Popen[bytes]") -> None:
    """End a process that goes on: what it works on was killed, or it has caught its end."""
    ends: tuple[Callable[[], None], ...] = (process.terminate, process.kill)
    for end in ends:
        with suppress(subprocess.TimeoutExpired):
            process.wait(1.0)
            return
        end()
    process.wait()


def test_nothing_is_left_and_nothing_lost(
    kill_number: int,
    chance: random.Random,
    planted: Planted,
    record_property: Callable[[str, object], None],
    tmp_path: Path,
) -> None:
    places, what = Places(tmp_path), list(WHAT)[kill_number % len(WHAT)]
    planted(1)
    with Makers(places.temporary) as makers:
        told = killed(places, what, chance)
        lost = [*places.lost()]
    for one in makers.lost():
        record_property(LEAKED, one)
        lost.append(f"shared memory {one}")
    kept = len(places.kept.read_text().splitlines()) if places.kept.exists() else 0
    print(told, f"{kept} steps kept" if kept else "")
    assert not lost, "\n    ".join([told, *lost])
