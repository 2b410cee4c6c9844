"""A pytest command that runs in this process, for where there is no other."""

import io
import shutil
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from time import monotonic
from typing import Literal

from loopcheck.one_process import fresh_state, lone_loop
from loopcheck.one_process.lone_loop import TimeIsUp

PYTEST = ("-m", "pytest")
# The descriptors belong to the kernel, and faulthandler's timer is a thread.
HERE = ("--capture=sys", "-p", "no:faulthandler")


class SharedRun:
    """The run of a command; it runs when its output is read.

    A loop that nothing can wake ends at once. One that never waits ends after *seconds*; code that
    never reaches a loop can't be stopped.
    """

    def __init__(
        self,
        command: Sequence[str],
        *,
        folder: Path,
        seconds: float,
        variables: Mapping[str, str],
        most: int,
    ) -> None:
        assert tuple(command[1:3]) == PYTEST, command
        self.args, self.folder, self.seconds = list(command[3:]), folder, seconds
        self.variables, self.most = variables, most
        self.cut = False
        self.code: int | None = None
        self.why: Literal["exit", "timeout", "stopped"] = "stopped"

    def output(self) -> Iterator[bytes]:
        """Run, and yield all that was written."""
        written = io.BytesIO()
        text = io.TextIOWrapper(written, encoding="utf-8", errors="replace", write_through=True)
        self.code = fresh_state.in_own_context(self._run, text)
        said = written.getvalue()
        self.cut = len(said) > self.most
        yield said[: self.most]

    def _run(self, text: io.TextIOWrapper) -> int | None:
        import pytest  # late: only a run needs it

        ends = monotonic() + self.seconds
        closed = io.StringIO()

        def limit() -> None:
            if monotonic() > ends:
                sys.stdout = sys.stderr = closed  # a process that is stopped writes nothing more
                raise TimeIsUp(f"ended after {self.seconds:g} s")

        with fresh_state.restored(self.folder, self.variables), lone_loop.in_use(limit):
            sys.stdout = sys.stderr = text
            sys.argv = ["pytest", *self.args]
            sys.path.insert(0, str(self.folder))
            sys.dont_write_bytecode = False  # what a run imports anew is compiled once
            try:
                code = int(pytest.main([*HERE, *self.args]))
            except BaseException as error:
                exits = error.code if isinstance(error, SystemExit) else 3
                code = exits if isinstance(exits, int) else 1
            finally:  # a file replaced within a second may have the same size
                for cache in list(self.folder.rglob("__pycache__")):
                    shutil.rmtree(cache, ignore_errors=True)
        self.why = "timeout" if monotonic() > ends else "exit"
        return code if self.why == "exit" else None
