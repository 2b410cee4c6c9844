"""Errors of destructors: which object each is about."""

import asyncio
from collections.abc import Callable

import pytest

from loopcheck.process.errors import destructor_errors


class Loop(asyncio.SelectorEventLoop):
    def __del__(self) -> None:
        if not self.is_closed():
            raise ResourceWarning("unclosed event loop")

    def make(self) -> None:
        """Raise as in a line that runs while a socket is freed: its destructor is written in C."""
        raise ResourceWarning("unclosed <socket.socket>")


def raised_in(run: Callable[[], None]) -> ResourceWarning:
    """Return what *run* raises; as in a destructor's error, its frame is the first."""
    with pytest.raises(ResourceWarning) as raised:
        run()
    trace = raised.tb
    while trace.tb_next is not None:
        trace = trace.tb_next
    return raised.value.with_traceback(trace)


def test_only_what_has_a_destructor_in_the_frame_is_a_subject() -> None:
    opened, made = Loop(), Loop()
    try:
        warnings = [raised_in(opened.__del__), raised_in(made.make)]
        assert destructor_errors.subjects(warnings) == [opened]
        assert destructor_errors.loops(warnings) == [opened]
    finally:
        opened.close()
        made.close()
