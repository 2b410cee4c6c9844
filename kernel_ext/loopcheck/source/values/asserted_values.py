"""The values of a failed `assert`: those that pytest keeps of its parts, and those of its names.

pytest keeps the value of each part of the test, a call's result for example, under a local name of
its own. It numbers the parts of a side before the side, and the sides from left to right.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from types import FrameType

from loopcheck.source.nodes import names_in

_KEPT = "@py_assert"


def numbered(of: FrameType | Mapping[str, object]) -> list[tuple[int, object]]:
    """Return what pytest keeps in a frame, or among its names, with its numbers, in their order.

    The value is None for parts of an earlier `assert` that passed.
    """
    space = of if isinstance(of, Mapping) else of.f_locals
    kept = [(name.removeprefix(_KEPT), value) for name, value in list(space.items()) if _is(name)]
    return sorted(((int(number), value) for number, value in kept), key=lambda each: each[0])


def _is(name: str) -> bool:
    return name.startswith(_KEPT) and name.removeprefix(_KEPT).isdigit()


def operands(of: FrameType | Mapping[str, object]) -> list[object]:
    """Return what pytest keeps of a failed `assert` in a frame, or among its names."""
    return [value for _, value in numbered(of)]


def in_statement(frame: FrameType, *parts: ast.AST) -> Iterator[object]:
    """Yield what pytest keeps in *frame*, then the values of its own names in *parts*."""
    yield from operands(frame)
    names = names_in(*parts)
    yield from (value for name, value in list(frame.f_locals.items()) if name in names)
