"""The lines that closed an object before the failing one, in its function or in one it has called.

Only what has run without a condition counts: a call of `close`, a `with` block that is over, and
the same in functions of the project that one of these lines has called.
"""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator
from itertools import takewhile
from types import CodeType, FunctionType
from typing import NamedTuple

from loopcheck.light import dataclass
from loopcheck.process import failure, objects
from loopcheck.source import calls, parsed_files
from loopcheck.source.definitions import Def
from loopcheck.source.nodes import calls_in, nodes_of
from loopcheck.source.statements import executed_statements
from loopcheck.source.values import callees, lifecycle_methods, meaning
from loopcheck.source.values.callees import Env

DEEPEST = 3  # functions that call each other
HELD = 2  # steps from an object that closes another to that one


@dataclass(frozen=True, eq=False)
class Closed:
    """An object that refuses calls. Lives only while loopcheck gathers evidence."""

    thing: object
    methods: frozenset[str]  # any of which closes it
    openers: frozenset[str]  # any of which opens it again
    others: frozenset[str]  # public methods that are no such end, and may close it as well
    maybe_new: bool  # it would refuse calls as well if nobody had opened it yet


class Closing(NamedTuple):
    """A line that closed the object."""

    over: int  # the line of the failing function by which it has run
    code: CodeType
    line: int
    surely: bool
    is_block: bool  # the line begins a block that is over
    opened_again: bool = False  # or a later line was meant to


def last_before(step: failure.Step, closed: Closed) -> Closing | None:
    """Return what closed the object last before *step*, in its function."""
    block, env = parsed_files.function_of(step.frame.f_code), meaning.names_of(step.frame)
    return last_in(block, step.line, env, step.frame.f_code, closed) if block is not None else None


def last_in(block: Def, line: int, env: Env, code: CodeType, closed: Closed) -> Closing | None:
    """Return what closed the object last in *block* before its *line*."""
    every = _closings(block, line, env, code, closed)
    found = [one for one in every if one.surely or not closed.others]
    return max(found, default=None, key=lambda one: (one.over, one.line))


def _closings(
    block: Def, line: int, env: Env, code: CodeType, closed: Closed, deep: int = DEEPEST
) -> Iterator[Closing]:
    """Yield what closed the object in *block* before its *line*."""
    env = {**env, **callees.assigned_once(block, env)}
    opened = list(_openings(block, line, env, closed))
    for one in _closings_of(block, line, env, code, closed, deep):
        again = any(one.over < later for later in opened)
        yield one._replace(opened_again=one.opened_again or again)


def _closings_of(
    block: Def, line: int, env: Env, code: CodeType, closed: Closed, deep: int
) -> Iterator[Closing]:
    for over in executed_statements.blocks_over(block.body, line):
        end = over.end_lineno or over.lineno
        pairs = [(one.context_expr, one.optional_vars) for one in over.items]
        for manager in (meaning.of(one, env) for pair in pairs for one in pair if one):
            if manager is closed.thing:
                yield Closing(end, code, over.lineno, surely=True, is_block=True)
            elif deep and (leave := _leave(manager)) is not None:
                inner = meaning.in_call(leave, {leave.__code__.co_varnames[0]: manager})
                yield from _inside(leave.__code__, inner, end, closed, deep)
    for ran in executed_statements.before(block.body, line):
        awaited = {id(one.value) for one in nodes_of(ast.Await, ran)}
        for call in executed_statements.calls_of(ran):
            surely = _closes(call, closed, env)
            if surely is not None:
                yield Closing(call.lineno, code, call.lineno, surely, is_block=False)
            if surely is None and deep and (inside := callees.inside(call, env)) is not None:
                inner, function = inside
                if id(call) in awaited or not function.co_flags & inspect.CO_COROUTINE:
                    found = _inside(function, inner, call.lineno, closed, deep)
                    if lifecycle_methods.closes(function.co_name):  # to call it was meant as an end
                        found = (one._replace(code=code, line=call.lineno) for one in found)
                    yield from found


def _inside(code: CodeType, env: Env, over: int, closed: Closed, deep: int) -> Iterator[Closing]:
    """Yield what a call of the function of *code* closed, which is over at the line *over*."""
    block = parsed_files.function_of(code)
    if block is not None:
        end = (block.end_lineno or block.lineno) + 1
        found = _closings(block, end, env, code, closed, deep - 1)
        yield from (one._replace(over=over) for one in found)


def _leave(manager: object) -> FunctionType | None:
    """Return the function of the project that ends the block of *manager*."""
    for name in lifecycle_methods.LEAVES if meaning.known(manager) else ():
        function = objects.function_of(objects.class_attribute(type(manager), name))
        if function is not None and callees.of_user(function):
            return function
    return None


def _closes(call: ast.Call, closed: Closed, env: Env) -> bool | None:
    """Return whether *call* surely closes the object, None if it does not itself."""
    if not isinstance(call.func, ast.Attribute) or not lifecycle_methods.closes(call.func.attr):
        return None
    found = meaning.of(call.func.value, env)
    if found is closed.thing:
        return True if call.func.attr in closed.methods else None
    if not meaning.known(found) or not _holds(found, closed.thing):
        return None
    code = objects.code_of(meaning.of(call.func, env))
    method = parsed_files.function_of(code) if code is not None else None
    if method is None or not callees.of_user(meaning.of(call.func, env)):
        return False
    every = [one for one in calls_in(method) if calls.last(one.func) in closed.methods]
    end = (method.end_lineno or method.lineno) + 1
    ran = executed_statements.before(method.body, end)
    sure = {id(one) for step in ran for one in executed_statements.calls_of(step)}
    return False if every and not any(id(one) in sure for one in every) else None


def _holds(holder: object, thing: object) -> bool:
    """Return whether *holder* keeps *thing*: in an attribute, a list, or an object in one."""
    near = takewhile(lambda found: len(found[0]) <= HELD, objects.walk(holder))
    return any(one is thing for _, one, _ in near)


def _openings(block: Def, line: int, env: Env, closed: Closed) -> Iterator[int]:
    """Yield the lines of *block* up to *line* that open the object, or are meant to.

    An `open` that forgets to take back what `close` did is the fault itself: to close first is not.
    """
    for call in (one for one in calls_in(block) if one.lineno < line):
        name = calls.last(call.func)
        owner = call.func.value if isinstance(call.func, ast.Attribute) else None
        if name in closed.openers and owner is not None:
            if meaning.of(owner, env) is closed.thing:
                yield call.lineno
        elif name is not None and lifecycle_methods.opens(name):
            about = [meaning.of(one, env) for one in (owner, *call.args) if one is not None]
            if any(one is closed.thing or _keeps(one, closed.thing) for one in about):
                yield call.lineno
    for block_of in nodes_of((ast.With, ast.AsyncWith), block):
        entered = [one.context_expr for one in block_of.items if block_of.lineno < line]
        if any(meaning.of(one, env) is closed.thing for one in entered):
            yield block_of.lineno


def _keeps(holder: object, thing: object) -> bool:
    return meaning.known(holder) and _holds(holder, thing)
