"""Which locals the lines after a failing one may still read."""

import asyncio
from collections.abc import Callable
from types import TracebackType
from typing import Any

import pytest

from loopcheck.source import later_reads


def read_after(function: Callable[[], object]) -> frozenset[str]:
    with pytest.raises(ZeroDivisionError) as caught:
        function()
    trace: TracebackType | None = caught.tb
    while trace is not None and trace.tb_frame.f_code.co_name != "fails":
        trace = trace.tb_next
    assert trace is not None
    return later_reads.names(trace.tb_frame.f_code, trace.tb_lasti)


def divide() -> float:
    return 1 / 0


def test_what_is_only_read_before_is_over() -> None:
    def fails() -> Any:
        before, after = [1], [2]
        len(before)
        divide()
        return after

    assert read_after(fails) == {"after"}


def test_a_clean_up_comes_after() -> None:
    def fails() -> None:
        before, job = [1], [2]
        len(before)
        try:
            divide()
        finally:
            job.clear()

    assert read_after(fails) == {"job"}


def test_a_loop_reads_its_first_line_again() -> None:
    def fails() -> None:
        before, jobs = [1], [2]
        len(before)
        for number in range(2):
            jobs.append(number)
            divide()

    assert read_after(fails) == {"jobs", "number"}


def test_an_inner_function_may_be_called_at_any_time() -> None:
    def fails() -> Any:
        job = [1]

        def inner() -> Any:
            return job

        inner()
        divide()
        return None

    assert read_after(fails) == {"job"}


def test_a_coroutine_that_fails_while_it_waits() -> None:
    async def zero() -> float:
        await asyncio.sleep(0)
        return 1 / 0

    async def fails() -> Any:
        before, after = [1], [2]
        len(before)
        await zero()
        return after

    assert read_after(lambda: asyncio.run(fails())) == {"after"}
