"""A refusal by user code, and what would have prevented it: `if self.used >= self.size: raise …`.

Also an empty queue refuses: `self.free.get_nowait()`.
"""

from __future__ import annotations

import ast
import asyncio
import dis
from collections.abc import Iterator

from loopcheck.light import dataclass
from loopcheck.process.failure import Link, Step
from loopcheck.source import effects, parsed_files
from loopcheck.source.nodes import calls_in
from loopcheck.source.statements import raise_conditions
from loopcheck.source.values import assertions, callees, hoped_changes, meaning, value_origins
from loopcheck.source.values.callees import Env
from loopcheck.source.values.hoped_changes import Change

_RAISE = dis.opmap["RAISE_VARARGS"]
_LESS = frozenset[Change](("added",))  # no help to a line that needs less of something
_MORE = frozenset[Change](("removed",))
_NEITHER = frozenset[Change]()
_GROWING = (ast.Gt, ast.GtE)  # true when there is more on the left
_SHRINKING = (ast.Lt, ast.LtE)


@dataclass(frozen=True, eq=False)
class Refusal:
    """A part of what the refusing line found. Lives only while a probe runs."""

    step: Step
    sight: effects.Sight  # what the part reads
    useless: frozenset[Change]  # changes after which the line would refuse all the same
    hoped: frozenset[str] | None = frozenset()  # as in `effects.Sight`


Part = tuple[ast.expr, frozenset[Change], frozenset[str] | None]


def of(link: Link) -> Iterator[Refusal]:
    """Yield what the raising line of *link* found: if it had changed before, none would be raised.

    Of what can't be read from the text, nothing is yielded.
    """
    step = link.user
    if step is None:
        return
    env, code = meaning.names_of(step.frame), step.frame.f_code
    parts: Iterator[Part] = iter(())
    if type(link.error) in (asyncio.QueueEmpty, asyncio.QueueFull):
        parts = _of_queue(step, env)
    elif step is link.trace[-1] and _raises(step):
        decided = raise_conditions.decided_by(code.co_filename, step.line)
        parts = (part for test, found in decided for part in _parts(test, found, env))
    for node, useless, hoped in parts:
        read = [node, *_counted(node, env, parsed_files.function_of(code))]
        yield Refusal(step, effects.read_by(read, env, code), useless, hoped)


def _counted(node: ast.expr, env: Env, block: ast.AST | None) -> list[ast.AST]:
    """Return what the only assignment of a name counts: `used = len(self.taken)`."""
    if block is None or not isinstance(node, ast.Name) or type(meaning.of(node, env)) is not int:
        return []
    given = [*value_origins.given(block, node.id)]
    return given if len(given) == 1 else []


def _raises(step: Step) -> bool:
    code = step.frame.f_code.co_code
    return 0 <= step.instruction < len(code) and code[step.instruction] == _RAISE


def _of_queue(step: Step, env: Env) -> Iterator[Part]:
    """Yield the queue that the line could not take from, or put into."""
    for call in calls_in(*step.source.heads()):
        match call.func:
            case ast.Attribute(value=of, attr="get_nowait" | "put_nowait"):
                if isinstance(callees.value(of, env), asyncio.Queue):
                    yield of, _NEITHER, None


def _parts(test: ast.expr, found: bool, env: Env) -> Iterator[Part]:
    """Yield the parts of *test*, which was *found* true or false, that one change would turn.

    Where it is unknown in which direction a change would have to go, there is none.
    """
    match test:
        case ast.UnaryOp(op=ast.Not(), operand=inner):
            yield from _parts(inner, not found, env)
        case ast.BoolOp(op=op, values=values):
            if isinstance(op, ast.And) is not found:  # one is enough: which one was it?
                values = [one for one in values if assertions.told(one, env) is not (not found)]
            if isinstance(op, ast.And) is found or len(values) == 1:
                for one in values:
                    yield from _parts(one, found, env)
        case ast.Compare(left=left, ops=[op], comparators=[right]):
            yield from _compared(left, op, right, found)
        case ast.Name() | ast.Attribute() | ast.Subscript():
            yield test, _LESS if found else _MORE, frozenset()
        case ast.Call():
            wanted = ast.UnaryOp(ast.Not(), test) if found else test
            useless = hoped_changes.useless(ast.Assert(wanted), env)
            if useless:
                yield test, useless, frozenset()


def _compared(left: ast.expr, op: ast.cmpop, right: ast.expr, found: bool) -> Iterator[Part]:
    """Yield the sides of a comparison, with the direction in which each would turn it."""
    if isinstance(op, _GROWING + _SHRINKING):
        too_much = isinstance(op, _GROWING) is found
        yield left, _LESS if too_much else _MORE, frozenset()
        yield right, _MORE if too_much else _LESS, frozenset()
    elif isinstance(op, ast.In | ast.NotIn):
        yield right, _LESS if isinstance(op, ast.In) is found else _MORE, frozenset()
    elif _is_nothing(right):
        same = isinstance(op, ast.Eq | ast.Is) is found
        yield left, _MORE if same else _LESS, frozenset()
    elif isinstance(op, ast.Eq | ast.Is) is found:  # any other value is a different one
        yield from ((one, _NEITHER, None) for one in (left, right))
    elif constants := effects.constants(right):
        yield left, _NEITHER, constants


def _is_nothing(node: ast.expr) -> bool:
    match node:
        case ast.Constant(value=None | False | 0 | ""):
            return True
        case ast.List(elts=[]) | ast.Dict(keys=[]) | ast.Tuple(elts=[]):
            return True
    return False
