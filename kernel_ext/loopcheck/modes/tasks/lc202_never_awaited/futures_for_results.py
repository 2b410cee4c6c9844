"""What only LC202 asks: which future a failing line used in place of its result."""

from __future__ import annotations

import ast
import asyncio
from collections.abc import Iterator
from difflib import get_close_matches
from itertools import pairwise
from typing import Any

from loopcheck.case.live import Live
from loopcheck.light import frozen
from loopcheck.modes.finding import Finding
from loopcheck.process import futures, objects
from loopcheck.process.failure import Link, Step
from loopcheck.records import Place, Subject
from loopcheck.source import calls, parsed_files
from loopcheck.source.nodes import nodes_run_by
from loopcheck.source.values import asserted_values, callees, meaning, value_origins

NOT_AWAITED = "await wasn't used with future"
STARTERS = frozenset({"create_task", "ensure_future"})  # awaiting these at once starts nothing


@frozen
class FutureForResult:
    """A future or a task that a line took for what it will return."""

    name: str  # "results", or the call on the failing line: "asyncio.gather(…)"
    kind: str  # "future" or "task"
    used_at: Place
    made_at: Place | None  # the line that assigned it to that name, or the failing line
    call: str | None  # the call there that returned it: "asyncio.gather"
    starts: bool  # that call is there to start a task: its result is awaited later


def find_future_for_result(live: Live) -> FutureForResult | None:
    """Return the future that the failing line used as its result."""
    link = live.links[0] if live.links else None
    step = link.user if link is not None else None
    if link is None or step is None:
        return None
    node, future = next(_taken(link, step), (None, None))
    return _read(node, future, step, live) if node is not None else None


def _taken(link: Link, step: Step) -> Iterator[tuple[ast.expr, object]]:
    """Yield the expressions of the failing line that are futures where results should be."""
    roots = value_origins.statements(step)
    if objects.is_a(link.error, AssertionError):
        yield from (found for root in roots for found in _compared(root, step))
    elif any(objects.is_a(link.error, kind) for kind in (AttributeError, RuntimeError, TypeError)):
        env = meaning.names_of(step.frame)
        for root in roots if objects.said(link.error) == NOT_AWAITED else ():
            match root:
                case ast.Assign(targets=[ast.Tuple() | ast.List()], value=ast.Call() as call):
                    yield call, objects.UNKNOWN  # it was unpacked, and no name has it
        nodes = list(nodes_run_by(roots))
        awaited = {one.value for one in nodes if isinstance(one, ast.Await)}
        for node in nodes:
            if isinstance(node, ast.expr) and node not in awaited:
                value = _value(node, env, step)
                if futures.is_future(value) and _is_refused(value, link.error):
                    yield node, value


def _is_refused(future: object, error: BaseException) -> bool:
    """Return whether *error* says that *future* lacks what its result may have."""
    if objects.is_a(error, AttributeError):
        missing = AttributeError.__dict__["name"].__get__(error)
        misspelt = get_close_matches(str(missing), dir(asyncio.Task), n=1)
        return AttributeError.__dict__["obj"].__get__(error) is future and not misspelt
    said = objects.said(error)
    names = (type(future).__name__, objects.type_name(future))
    return said == NOT_AWAITED or any(f"'{one}' object" in said for one in names)


def _compared(root: ast.AST, step: Step) -> Iterator[tuple[ast.expr, object]]:
    """Yield the side of a failed `==` that is a future, if the other side is a plain value."""
    match root:
        case ast.Assert(test=ast.Compare(left=left, ops=[ast.Eq()], comparators=[right])):
            env = meaning.names_of(step.frame)
            for side, other in ((left, right), (right, left)):
                value = _value(side, env, step, compared=side is left)
                if futures.is_future(value) and _is_plain(other, env):
                    yield side, value


def _is_plain(node: ast.expr, env: Any) -> bool:
    """Return whether *node* can be a result: tests compare futures with None and with futures."""
    value = callees.value(node, env)
    if not meaning.known(value):
        return not isinstance(node, ast.Name | ast.Attribute)  # a list, or what a call returns
    if value is None:
        return False
    return objects.class_attribute(type(value), "__await__") is objects.ABSENT


def _value(node: ast.expr, env: Any, step: Step, *, compared: bool = False) -> object:
    """Return what *node* stands for; of a call, the only new future among pytest's operands.

    *compared*: it is the left side of a comparison, whose outcome pytest keeps next. Otherwise what
    it stands for is the last operand. Of `done.pop().result()`, more follows after the task.
    """
    if not isinstance(node, ast.Call):
        return callees.value(node, env)
    parts = {id(callees.value(one, env)) for one in nodes_run_by([node])}
    kept = asserted_values.operands(step.frame)
    ends = [one for one, after in pairwise(kept) if after is False] if compared else kept[-1:]
    found = {id(one): one for one in ends if futures.is_future(one) and id(one) not in parts}
    return found.popitem()[1] if len(found) == 1 else objects.UNKNOWN


def _read(node: ast.expr, future: object, step: Step, live: Live) -> FutureForResult:
    made = node if isinstance(node, ast.Call) else _assigned(node, step)
    call = ast.unparse(made.func) if made is not None else None
    file = live.labels.file(step.frame.f_code.co_filename)
    return FutureForResult(
        name=f"{call}(…)" if made is node else ast.unparse(node),
        kind="task" if futures.is_task(future) else "future",
        used_at=step.place(live.labels),
        made_at=Place(file, made.lineno, calls.last(made.func)) if made is not None else None,
        call=call,
        starts=made is not None and calls.last(made.func) in STARTERS,
    )


def _assigned(node: ast.expr, step: Step) -> ast.Call | None:
    """Return the call whose result the function assigns to the name *node*."""
    file = step.frame.f_code.co_filename
    around = parsed_files.enclosing(file, step.line)[:1] if isinstance(node, ast.Name) else []
    lines = (parsed_files.assigned(one, ast.unparse(node)) for one in around)
    for line in filter(None, lines):
        for one in parsed_files.standing_at(file, line):
            if isinstance(one, ast.Assign | ast.AnnAssign) and isinstance(one.value, ast.Call):
                return one.value
    return None


def finding(one: FutureForResult, code: str, slug: str) -> Finding:
    """Name the missing `await`: of the call, or of the task if the call is there to start it."""
    at_call = one.made_at is not None and not one.starts
    where = one.made_at if at_call else one.used_at
    returned = one.call is not None and one.name != f"{one.call}(…)"
    it = f"the {one.kind} that `{one.call}` returned" if returned else f"a {one.kind}"
    return Finding(
        code=code,
        slug=slug,
        certainty="likely",
        subject=Subject(name=one.name, type=one.kind),
        where=where,
        made_at=one.made_at,
        used_at=one.used_at if str(one.used_at) != str(where) else None,
        what=f"`{one.name}` is {it}, and {one.used_at} uses it in place of its result.",
        why="A call that returns a future or a task does not wait for it. `await` waits, and gives"
        " the result.",
        fix=f"`await` the call at {where}." if at_call else f"Write `await {one.name}` at {where}.",
        remedy=("await",) if at_call else (),
    )
