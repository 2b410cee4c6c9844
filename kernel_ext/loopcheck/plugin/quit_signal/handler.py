r"""Ctrl-\ while tests run: prints what each task and thread waits for, and the run goes on.

The signal is SIGQUIT, on Windows SIGBREAK (Ctrl-Break). Without a handler it would end the process.
A run with workers passes it on to them: `kill -QUIT` reaches one process, Ctrl-\ reaches all.
`loopcheck attach` sends the same signal, and gets the answer instead of the terminal.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from contextlib import suppress
from types import FrameType
from typing import TYPE_CHECKING, Any

import pytest

from loopcheck.attach import answer_socket, target_process
from loopcheck.clock import monotonic
from loopcheck.plugin import ours

if TYPE_CHECKING:
    from loopcheck.plugin.run_state import RunState

NUMBER: int | None = getattr(signal, "SIGQUIT", None) or getattr(signal, "SIGBREAK", None)
AGAIN = 1.0  # seconds within which a second signal is the same: a terminal's, and the controller's


class QuitSignal:
    """The handler, for as long as the run lasts."""

    def __init__(self, run: RunState) -> None:
        self.run, self.process = run, os.getpid()
        self.terminal: int | None = None  # a copy of stderr, which pytest captures in tests
        self.before: Any = None
        self.handler: Any = None
        self.answered = -AGAIN
        self.workers: dict[object, int] = {}  # the process number of each node
        self.questions = answer_socket.AnswerSocket()

    def pytest_configure(self) -> None:
        if NUMBER is None or threading.current_thread() is not threading.main_thread():
            return
        self.before = signal.getsignal(NUMBER)
        if self.before is None or _is_caught_in_c(NUMBER, self.before):
            return  # we could not put it back
        try:
            self.terminal = os.dup(2)
        except OSError:  # stderr is closed
            return

        def answer(number: int, frame: FrameType | None) -> None:
            self.answer(number, frame)

        # Who searches for what may wake a loop must not meet all that we know of the run.
        answer.__wrapped__ = self.before  # type: ignore[attr-defined]
        self.handler = answer
        signal.signal(NUMBER, answer)
        self.questions.open()

    @pytest.hookimpl(tryfirst=True)
    def pytest_unconfigure(self) -> None:
        if self.terminal is None or NUMBER is None:
            return
        if signal.getsignal(NUMBER) is self.handler:  # else somebody's handler is newer than ours
            signal.signal(NUMBER, self.before)
        self.questions.close()
        os.close(self.terminal)
        self.terminal = None

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodeready(self, node: Any) -> None:
        from loopcheck.attach import xdist_workers  # late: few runs have workers

        process = xdist_workers.process_of(node)
        if process is not None:
            self.workers[node] = process

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        self.workers.pop(node, None)

    def answer(self, number: int, frame: FrameType | None) -> None:
        """Print what waits. The handler that was there before comes first."""
        if os.getpid() != self.process:  # a fork of ours: it ends as it would without us
            signal.signal(number, self.before)
            os.kill(os.getpid(), number)
            return
        if askers := self.questions.take():
            answer = self.as_json()
            for asker in askers:
                answer_socket.send(asker, answer)
            return  # the signal is not the user's
        if callable(self.before):
            self.before(number, frame)
        if self.terminal is None or monotonic() - self.answered < AGAIN:
            return
        with ours.guarded("say what the run waits for", self.run.found.notes):
            self.print(self.in_words())
        for pid in self.workers.values():
            with suppress(OSError):
                os.kill(pid, number)
        self.answered = monotonic()

    def in_words(self) -> str:
        """Return what this process waits for, in words."""
        if self.workers:
            return f"loopcheck: each of the {len(self.workers)} workers says what it waits for."
        from loopcheck.attach import waiting_now  # late: few runs are ever asked

        return waiting_now.as_text(waiting_now.read(self.run.labels))

    def as_json(self) -> dict[str, Any]:
        """Return the same as JSON data, for `loopcheck attach`."""
        notes: list[str] = []
        with ours.guarded("say what the run waits for", notes):
            from loopcheck.attach import waiting_now

            return waiting_now.as_answer(
                waiting_now.read(self.run.labels), [*self.workers.values()]
            )
        return {"error": notes[0]}

    def print(self, said: str) -> None:
        assert self.terminal is not None
        data = f"\n{said}\n".encode(sys.stderr.encoding or "utf-8", "backslashreplace")
        while data:
            data = data[os.write(self.terminal, data) :]


def _is_caught_in_c(number: int, handler: object) -> bool:
    """Return whether C has a handler that Python does not know of: `faulthandler.register`'s."""
    if handler is not signal.SIG_DFL:
        return False
    return target_process.catches(os.getpid(), number) is True  # None: nobody tells
