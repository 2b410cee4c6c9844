"""Where a frame is, also at an instruction that has no line of its own."""

import sys
from collections.abc import Iterator
from types import FunctionType

from loopcheck.process import frames

# As PEP 626 and CPython's Objects/locations.md have it: eight code units at a line, or at none.
AT_A_LINE, AT_NONE = 0x80 | 13 << 3 | 7, 0x80 | 15 << 3 | 7


def waits(first: int) -> Iterator[int]:
    yield first
    yield first


def test_the_line_of_an_instruction_is_that_of_the_frame() -> None:
    here = sys._getframe()
    assert frames.line_at(here) == here.f_lineno


def test_where_an_instruction_has_no_line_it_is_the_latest_one_before_it() -> None:
    code = waits.__code__
    units = len(code.co_code) // 2
    lines = bytes([AT_A_LINE, 2 << 1]) + bytes([AT_NONE]) * (units // 8)
    generator = FunctionType(code.replace(co_linetable=lines), {})(0)
    assert next(generator) == next(generator) == 0
    frame = generator.gi_frame
    assert frame.f_lineno is None
    assert frames.line_at(frame) == code.co_firstlineno + 2


def test_a_function_without_any_line_is_at_its_first() -> None:
    code = waits.__code__
    bare = bytes([AT_NONE]) * (len(code.co_code) // 16 + 1)
    generator = FunctionType(code.replace(co_linetable=bare), {})(0)
    next(generator)
    assert frames.line_at(generator.gi_frame) == code.co_firstlineno
