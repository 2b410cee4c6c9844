"""A group that cancels its caller as a task of it fails, and then raises that CancelledError.

The caller gets the cancellation in place of the error that was the reason for it.
"""

from __future__ import annotations

import ast
import asyncio
from collections import deque
from collections.abc import Iterator
from typing import NamedTuple

from loopcheck.case.live import Live
from loopcheck.labels import Labels
from loopcheck.light import frozen
from loopcheck.modes.finding import Finding
from loopcheck.process import futures, objects
from loopcheck.process.failure import Link, Step
from loopcheck.process.frames import first_argument
from loopcheck.process.loops import live_loops
from loopcheck.process.waiting import await_chain
from loopcheck.records import Place, Subject
from loopcheck.source import calls, parsed_files
from loopcheck.source.definitions import Def
from loopcheck.source.nodes import body_spans_line, nodes_of, own_nodes, results_of
from loopcheck.source.statements import state_changes
from loopcheck.source.values import meaning

ENDS = ("__aexit__", "__exit__")
_MANY = (list, tuple, set, dict, deque)


@frozen
class HiddenByCancel:
    """An error that a group keeps, and the CancelledError that it caused and lets pass instead."""

    type: str  # "ValueError"
    group: str  # "Crew"
    kept_in: str  # "self.errors"
    failed: str  # the coroutine that raised it, "" if its task is gone
    cancelled_at: Place
    cancelled_in: str  # "Crew._on_done"
    flag: str  # what the group notes as it cancels: "self.stopping", "" if nothing
    at: Place  # the line that lets it pass
    ended_by: str  # "Crew.__aexit__"


class _Cancel(NamedTuple):
    """Lives during a look only."""

    file: str
    function: Def
    line: int
    flag: str


def find_hidden_by_cancel(live: Live) -> HiddenByCancel | None:
    """Return what an object keeps, if the test fails by a cancellation of that object's own."""
    link = live.links[0]
    if not objects.is_a(link.error, asyncio.CancelledError):
        return None
    for step in link.users:
        for group in (first_argument(step.frame), *_entered(step)):
            if objects.users_class(type(group)) is not None:
                found = _of_group(group, link, live.labels)
                if found is not None:
                    return found
    return None


def _entered(step: Step) -> Iterator[object]:
    """Yield the managers of the `with` blocks around the line of *step*."""
    for block in parsed_files.standing_at(step.frame.f_code.co_filename, step.line):
        for item in block.items if isinstance(block, ast.With | ast.AsyncWith) else ():
            yield meaning.of(item.optional_vars or item.context_expr, step.frame)


def _of_group(group: object, link: Link, labels: Labels) -> HiddenByCancel | None:
    """Return the error that *group* keeps, if its own methods have cancelled the only task once."""
    kept = _kept_errors(group)
    caller = _once_cancelled(group)
    if kept is None or caller is None:
        return None
    cancels = [*_cancels(group, caller)]
    if len(cancels) != 1 or objects.peek(group, cancels[0].flag) is not True:
        return None
    at = _passing_line(group, link)
    if at is None:
        return None
    [cancel], (name, error), (file, function, line) = cancels, kept, at
    kind = objects.type_name(group).rpartition(".")[2]
    return HiddenByCancel(
        type=objects.type_name(error).rpartition(".")[2],
        group=kind,
        kept_in=f"self.{name}",
        failed=_coroutine_of(error),
        cancelled_at=Place(labels.file(cancel.file), cancel.line, cancel.function.name),
        cancelled_in=f"{kind}.{cancel.function.name}",
        flag=f"self.{cancel.flag}",
        at=Place(labels.file(file), line, function.name),
        ended_by=f"{kind}.{function.name}",
    )


def _kept_errors(group: object) -> tuple[str, BaseException] | None:
    """Return the attribute of *group* that keeps an error other than a cancellation, and that."""
    for path, value in objects.steps(group):
        for one in (value, *(part for _, part in objects.steps(value) if type(value) in _MANY)):
            if objects.is_a(one, Exception):
                return path.removeprefix("."), one
    return None


def _once_cancelled(group: object) -> str | None:
    """Return the attribute of *group* with a task that was cancelled once."""
    for path, value in objects.steps(group):
        if futures.is_task(value) and futures.cancelling(value) == 1:
            return path.removeprefix(".")
    return None


def _methods(group: object, word: str) -> Iterator[tuple[str, Def]]:
    """Yield the methods of the classes of *group* in files that have *word*."""
    kinds = objects.class_names(group)
    for file, function in state_changes.functions_mentioning(word):
        around = parsed_files.class_of(file, function)
        if around is not None and around.name in kinds:
            yield file, function


def _cancels(group: object, caller: str) -> Iterator[_Cancel]:
    """Yield the methods that cancel what *group* has as *caller*, and note that."""
    for file, function in _methods(group, caller):
        flags = [
            target.attr
            for node in own_nodes(function)
            for target, _, given in state_changes.changes_by(node)
            if isinstance(target, ast.Attribute) and _is_true(given)
        ]
        for node in own_nodes(function) if len(flags) == 1 else ():
            match node:
                case ast.Call(func=ast.Attribute(attr="cancel", value=ast.Attribute(attr=name))):
                    if name == caller:
                        yield _Cancel(file, function, node.lineno, flags[0])


def _is_true(given: ast.expr | None) -> bool:
    return isinstance(given, ast.Constant) and given.value is True


def _passing_line(group: object, link: Link) -> tuple[str, Def, int] | None:
    """Return the line of *group* that lets the cancellation pass, or the method that does."""
    for step in link.users:
        block = parsed_files.function_of(step.frame.f_code)
        if block is not None and first_argument(step.frame) is group:
            return _deciding_line(group, block, step)
    ends = [(file, one) for file, one in _methods(group, "exit__") if one.name in ENDS]
    return next(((file, one, one.lineno) for file, one in ends), None)


def _deciding_line(group: object, block: Def, step: Step) -> tuple[str, Def, int]:
    """Return the line that decides that *step* raises a cancellation: an `if`, or what it calls.

    That is the `raise` at *step*, or one in a handler around it.
    """
    file = step.frame.f_code.co_filename
    around = (one for one in nodes_of(ast.Try, block) if body_spans_line(one.body, step.line))
    handlers = [handler for one in around for handler in one.handlers]
    raises = [*nodes_of(ast.Raise, step.source.simple)] or [*nodes_of(ast.Raise, *handlers)]
    names = {ast.unparse(one.exc) for one in raises if one.exc is not None}
    tests = [
        one
        for one in nodes_of(ast.If, block)
        for inner in one.body
        if inner in raises
        or any(ast.unparse(target) in names for target, *_ in state_changes.changes_by(inner))
    ]
    if not raises or not tests:
        return file, block, raises[0].lineno if raises else block.lineno
    sets = [one for one in tests if one.body[0] not in raises]  # they come before
    test = (sets or tests)[-1]
    asked = {calls.last(one.func) for one in nodes_of(ast.Call, test.test)}
    for place, method in _methods(group, "return"):
        results = list(results_of(method))
        if method.name in asked and len(results) == 1:
            return place, method, results[0].lineno
    return file, block, test.lineno


def _coroutine_of(error: BaseException) -> str:
    failed = (one for one in live_loops.every() if getattr(one, "_exception", None) is error)
    task = next(failed, None)
    return await_chain.name_of(futures.coroutine(task)) if task is not None else ""


def finding(seen: HiddenByCancel, code: str, slug: str) -> Finding:
    """Name the line at which a group lets its own cancellation pass, and not the error."""
    of = f" of `{seen.failed}`" if seen.failed else ""
    return Finding(
        code=code,
        slug=slug,
        certainty="likely",
        subject=Subject(name=seen.group, type=seen.type),
        where=seen.at,
        made_at=seen.cancelled_at,
        what=f"`{seen.ended_by}` at {seen.at} lets a CancelledError pass that"
        f" `{seen.cancelled_in}` itself has caused, and the {seen.type}{of} stays in"
        f" `{seen.kept_in}`.",
        why=f"The caller was cancelled once, and `{seen.flag}` shows that {seen.cancelled_at} did"
        " it. So the cancellation is only a result of that error.",
        fix=f"At {seen.at}, leave out a CancelledError while `{seen.flag}` is true, so that"
        f" `{seen.group}` raises what `{seen.kept_in}` has.",
    )
