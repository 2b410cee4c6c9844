"""The table of a code object that says which instruction catches what is raised at which."""

from __future__ import annotations

from collections.abc import Iterator
from types import CodeType


def blocks(code: CodeType) -> Iterator[tuple[int, int, int]]:
    """Yield each block of the exception table: its start, its end, and its handler."""
    numbers = iter(code.co_exceptiontable)
    for first in numbers:
        start = _number(first, numbers)
        length, target, _ = (_number(next(numbers), numbers) for _ in range(3))
        yield 2 * start, 2 * (start + length), 2 * target


def _number(first: int, rest: Iterator[int]) -> int:
    found = first & 63
    while first & 64:
        first = next(rest)
        found = found << 6 | first & 63
    return found
