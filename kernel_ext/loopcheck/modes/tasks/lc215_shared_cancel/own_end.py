"""What only LC215 asks: whether a task cancelled itself, or awaited its own end."""

from __future__ import annotations

import ast
import asyncio
from collections.abc import Iterator, Sequence
from types import CodeType, FunctionType
from typing import Any, Literal

from loopcheck.case.live import Live
from loopcheck.labels import Labels, plain
from loopcheck.light import frozen
from loopcheck.process import futures, objects, parameters
from loopcheck.process.failure import Link, Step
from loopcheck.process.waiting import await_chain
from loopcheck.records import Place
from loopcheck.source import calls, parsed_files
from loopcheck.source.assignments import assignments_in
from loopcheck.source.nodes import calls_in, nodes_of
from loopcheck.source.values import called_bodies, callees, meaning
from loopcheck.source.values.callees import Env
from loopcheck.watch import tasks

ITSELF = "Task cannot await on itself"
DEEPEST = 4  # calls between the coroutine of a task and the line that cancels it
How = Literal["cancels", "awaits"]
Spot = tuple[CodeType, int, str]  # a line, and how it writes the task


@frozen
class OwnEnd:
    """A task that runs the line which was to end it."""

    how: How
    task: str  # as the line writes it: "self._watchdog"
    coroutine: str  # "Connection._watch"
    at: Place
    made_at: Place | None = None
    sure: bool = False  # its error came from that line


def find_own_end(live: Live) -> OwnEnd | None:
    """Return the line at which a task was to end itself."""
    for link in live.links:
        if objects.is_a(link.error, RuntimeError) and objects.said(link.error).startswith(ITSELF):
            return _awaits(link, live.labels)
        if objects.is_a(link.error, asyncio.CancelledError):
            return _cancelled_in(link, live.labels)
    users = live.links[0].users if live.links else ()
    return next(_kept(users, live.labels), None)


def _end(how: How, task: Any, at: Spot, labels: Labels, *, sure: bool) -> OwnEnd:
    code, line, written = at
    root = _root(task)
    made = tasks.users_line(task)
    return OwnEnd(
        how=how,
        task=plain(written),
        coroutine=await_chain.short(root.co_qualname if isinstance(root, CodeType) else root),
        at=await_chain.place(code, line, labels),
        made_at=Place(labels.file(made[1]), made[2], made[3]) if made is not None else None,
        sure=sure,
    )


# The error shows it


def _awaits(link: Link, labels: Labels) -> OwnEnd | None:
    """Return the line that awaits the running task; the traceback may end in a line above it."""
    ran = {id(one.frame.f_code) for one in link.users}
    for step in link.users[:1]:
        code, env = step.frame.f_code, meaning.names_of(step.frame)
        for task, spot in _spots("awaits", code, env, None):
            if id(_root(task)) in ran and (spot[0] is not code or spot[1] == step.line):
                return _end("awaits", task, spot, labels, sure=spot[0] is code)
    return None


def _cancelled_in(link: Link, labels: Labels) -> OwnEnd | None:
    """Return the line above a failing one that cancelled the task whose frames these are."""
    for number, step in enumerate(link.users):
        around = {id(one.frame.f_code) for one in link.users[number:]}
        code, env = step.frame.f_code, meaning.names_of(step.frame)
        for task, spot in _spots("cancels", code, env, None, deepest=0):
            if spot[1] <= step.line and futures.cancelled(task) and id(_root(task)) in around:
                return _end("cancels", task, spot, labels, sure=False)
    return None


def _root(task: Any) -> CodeType | str:
    return await_chain.root_of(futures.coroutine(task))


# A test that missed the work of a cancelled task


def _kept(users: Sequence[Step], labels: Labels) -> Iterator[OwnEnd]:
    """Yield the lines that cancel a task, if its own coroutine reaches them and the test does not.

    The task is one that an object of the failing lines keeps.
    """
    if not any(futures.cancelled(one) for one in tasks.known()):
        return
    for step in users:
        for owner in list(meaning.own_names(step.frame).values()):
            for _, task in objects.steps(owner):
                if futures.is_task(task) and futures.cancelled(task):
                    found = _by_itself(owner, task)
                    if found is not None and not _by_others(users, task):
                        yield _end("cancels", task, found, labels, sure=False)


def _by_itself(owner: object, task: Any) -> Spot | None:
    """Return the line that cancels *task* and that its coroutine, a method of *owner*, reaches."""
    root = _root(task)
    function = objects.class_attribute(type(owner), getattr(root, "co_name", ""))
    if type(function) is not FunctionType or function.__code__ is not root:
        return None
    own = parameters.first(function.__code__)
    env = meaning.in_call(function, {own: owner} if own is not None else {})
    return next((spot for _, spot in _spots("cancels", function.__code__, env, task)), None)


def _by_others(users: Sequence[Step], task: Any) -> bool:
    """Return whether the functions of *users* reach a line that cancels *task*."""
    return any(
        any(_spots("cancels", one.frame.f_code, meaning.names_of(one.frame), task)) for one in users
    )


# The lines that end a task


def _spots(
    how: How, start: CodeType, env: Env, task: Any | None, *, deepest: int = DEEPEST
) -> Iterator[tuple[Any, Spot]]:
    """Yield the lines that await or cancel *task*, or any: in *start*, and in what that calls.

    No other code runs the coroutine of *task* itself. A function that looks which task it runs in
    is right.
    """
    root = _root(task) if task is not None else None
    first = called_bodies.Body(parsed_files.body_of(start), env, start)

    def calls(body: called_bodies.Body) -> Iterator[ast.Call]:
        if body is first or body.code is not root:
            yield from calls_in(*body.steps)

    for body in called_bodies.reached(first, deepest=deepest, calls=calls):
        if body is not first and body.code is root:
            continue
        block = parsed_files.function_of(body.code)
        for named in _named(how, block) if not _looks(block) else ():
            found = callees.value(named, body.env)
            if (found is task or task is None) and futures.is_task(found):
                yield found, (body.code, named.lineno, ast.unparse(named))


def _named(how: How, block: ast.AST | None) -> Iterator[ast.expr]:
    """Yield what *block* awaits, or what it cancels by a name."""
    if how == "awaits":
        yield from (one.value for one in nodes_of(ast.Await, block))
        return
    for call in calls_in(block):
        if isinstance(call.func, ast.Attribute) and call.func.attr == "cancel":
            of = ast.unparse(call.func.value)
            # What gets a new value below was another task.
            below = (one for one in assignments_in(block) if one.line > call.lineno)
            if not any(one.sets(of) for one in below):
                yield call.func.value


def _looks(block: ast.AST | None) -> bool:
    """Return whether *block* looks which task it runs in."""
    return any(calls.last(one.func) == "current_task" for one in calls_in(block))
