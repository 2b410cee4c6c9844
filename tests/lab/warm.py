"""Runs of answers in processes that are forked from one where pytest is loaded already.

A run of its own costs a third of a second before its first test, and there are a few for each of
some two hundred answers. What such a process leaves behind is not looked at here.
"""

import multiprocessing
import os
import signal
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Self

from loopcheck.lab.children import Ended, environment

LOADED = ["pytest", "pytest_asyncio.plugin", "loopcheck.lab.observer", "loopcheck.faces.plugin"]
LOADED += ["fastapi", "httpx"]  # half a second for each run of LC408
AVAILABLE = "forkserver" in multiprocessing.get_all_start_methods()
TICK = 0.005


def _run(command: list[str], folder: str, env: dict[str, str], output: str) -> None:
    """Be `python -m pytest …` in *folder*."""
    os.setsid()
    os.environ.clear()
    os.environ.update(env)
    os.chdir(folder)
    written = os.open(output, os.O_WRONLY | os.O_APPEND)
    os.dup2(written, 1)
    os.dup2(written, 2)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    sys.path.insert(0, folder)
    sys.argv = command[2:]
    import pytest

    code = pytest.main(command[3:])
    sys.stdout.flush()
    os._exit(int(code))


class WarmChild:
    """As `Child`, for commands that run pytest."""

    def __init__(
        self,
        command: Sequence[str],
        *,
        folder: Path,
        seconds: float,
        grace: float = 0.5,
        fresh: bool = False,
    ) -> None:
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(LOADED)
        handle, self._output = tempfile.mkstemp()
        os.close(handle)
        self._deadline, self._why = time.monotonic() + seconds, "exit"
        args = (list(command), str(folder), environment(fresh=fresh), self._output)
        self._process = context.Process(target=_run, args=args, daemon=True)
        self._process.start()

    def output(self, idle: float = 0.1) -> Iterator[bytes]:
        """Yield what is written, and empty bytes now and then."""
        with open(self._output, "rb") as file:
            while self._process.is_alive():
                self._process.join(TICK)
                if time.monotonic() > self._deadline:
                    self._end("timeout")
                yield file.read(65536)
            yield file.read(65536)

    def stop(self) -> None:
        self._end("stopped")

    def _end(self, why: str) -> None:
        self._why = why
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid or 0, signal.SIGKILL)
        self._process.kill()

    def ended(self) -> Ended:
        self._process.join()
        return Ended(why=self._why, code=self._process.exitcode)  # type: ignore[arg-type]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        if self._process.is_alive():
            self._end("stopped")
        self._process.join()
        self._process.close()
        os.unlink(self._output)
