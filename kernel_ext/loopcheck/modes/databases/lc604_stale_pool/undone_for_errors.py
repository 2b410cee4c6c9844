"""State that a handler undoes after an `Exception` only: a cancellation leaves it as it was.

`self.users += 1`, and in `except Exception` `self.users -= 1`: CancelledError is no Exception.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Set
from types import CodeType
from typing import NamedTuple

from loopcheck.case.live import Live
from loopcheck.light import frozen
from loopcheck.modes.finding import Finding
from loopcheck.process import futures, objects, parameters, thread_stacks
from loopcheck.process.databases import connection_names
from loopcheck.process.failure import Link, Step
from loopcheck.process.frames import first_argument
from loopcheck.process.loops import live_loops
from loopcheck.process.waiting import await_chain
from loopcheck.records import Place, Subject
from loopcheck.source import calls, effects, parsed_files
from loopcheck.source.catching import dropping_guards, expecting_blocks, handlers
from loopcheck.source.coroutines import task_starters
from loopcheck.source.definitions import Def
from loopcheck.source.nodes import body_spans_line, calls_in, mentioned, nodes_of
from loopcheck.source.statements import executed_statements, raise_conditions, state_changes
from loopcheck.source.values import assertions, called_bodies, meaning
from loopcheck.watch.limits import timeouts

DEEPEST = 4  # calls from a test to the function that was cancelled
CANCELLED, TIMEOUT = "CancelledError", "TimeoutError"
WAITS = (ast.Await, ast.AsyncWith, ast.AsyncFor)


@frozen
class LeftState:
    """An attribute that a cancelled function has changed, and the handler that undoes it."""

    subject: Subject  # "database.connection()._users"
    function: str  # "Connection.__aenter__"
    attribute: str  # "_users"
    now: str  # "1", "" if it is a container
    changed_at: Place
    handler: str  # "except Exception"
    handler_at: Place
    read_at: Place


class _Undo(NamedTuple):
    """Lives during a look only."""

    code: CodeType
    attribute: str
    changed: int  # the line
    around: ast.Try
    handler: ast.ExceptHandler


def find_left_state(live: Live) -> LeftState | None:
    """Return what a cancellation has left changed, if the failing lines depend on it."""
    link = live.links[0]
    for owner in _owners(link):
        for undo in _undone(owner):
            now = objects.attribute(owner, undo.attribute)
            left = meaning.known(now) and not _at_rest(owner, undo.attribute, now)
            read = _reader(owner, undo, link) if left else None
            if read is None or _is_inside(undo) or not _was_cancelled(owner, undo, link):
                continue
            code = undo.code
            named = connection_names.named([owner], link.users, live.item, live.labels)
            return LeftState(
                subject=Subject(
                    name=f"{named.subject.name}.{undo.attribute}", type=objects.type_name(now)
                ),
                function=await_chain.short(code.co_qualname),
                attribute=undo.attribute,
                now=repr(now) if type(now) in (int, bool) else "",
                changed_at=await_chain.place(code, undo.changed, live.labels),
                handler=handlers.head(undo.handler),
                handler_at=await_chain.place(code, undo.handler.lineno, live.labels),
                read_at=read.place(live.labels),
            )
    return None


def _owners(link: Link) -> Iterator[object]:
    """Yield the objects of user classes that the failing lines have at hand, innermost first."""
    seen: set[int] = set()
    for step in link.users:
        held = thread_stacks.locals_of(step.frame)
        for thing in (first_argument(step.frame), *held.values()):
            if id(thing) not in seen and objects.users_class(type(thing)) is not None:
                seen.add(id(thing))
                yield thing


def _undone(owner: object) -> Iterator[_Undo]:
    """Yield what methods of *owner* change, and undo after an `Exception` but no cancellation."""
    for kind in objects.mro(type(owner)):
        for function in objects.class_dict(kind).values():
            code = objects.code_of(function)
            block = parsed_files.function_of(code) if code is not None else None
            if code is None or not isinstance(block, ast.AsyncFunctionDef):
                continue
            for around in nodes_of(ast.Try, block):
                for one in around.handlers:
                    named = {*handlers.said(one.type)}
                    if "Exception" not in named or not {*handlers.OF_CANCEL}.isdisjoint(named):
                        continue
                    for attribute in _changed_in(one.body) if handlers.passes_on(one) else ():
                        changed = _changed_before(block, around, attribute)
                        if changed and not _cared_for(around, one, attribute):
                            yield _Undo(code, attribute, changed, around, one)


def _changed_in(steps: list[ast.stmt]) -> set[str]:
    """Return the attributes of the method's own object that *steps* change."""
    return {
        target.attr
        for step in steps
        for node in nodes_of(ast.AST, step)
        for target, *_ in state_changes.changes_by(node)
        if isinstance(target, ast.Attribute) and ast.unparse(target.value) == "self"
    }


def _changed_before(block: Def, around: ast.Try, attribute: str) -> int:
    """Return the line that changes *attribute* before a wait of *around*, 0 if none does."""
    waits = [one.lineno for step in around.body for one in nodes_of(WAITS, step)]
    lines = [
        node.lineno
        for node in nodes_of((ast.Assign, ast.AugAssign, ast.Call), block)
        for target, *_ in state_changes.changes_by(node)
        if isinstance(target, ast.Attribute) and target.attr == attribute
        if node.lineno < max(waits, default=0)
    ]
    return max(lines, default=0)


def _cared_for(around: ast.Try, handler: ast.ExceptHandler, attribute: str) -> bool:
    """Return whether another handler, or a `finally`, of *around* changes *attribute*."""
    others = [one.body for one in around.handlers if one is not handler]
    return any(attribute in _changed_in(steps) for steps in (*others, around.finalbody))


def _at_rest(owner: object, attribute: str, now: object) -> bool:
    """Return whether *attribute* is what `__init__` sets it to, or that is unknown."""
    for function in (objects.class_attribute(type(owner), one) for one in state_changes.CREATES):
        code = objects.code_of(function)
        block = parsed_files.function_of(code) if code is not None else None
        for node in nodes_of((ast.Assign, ast.AnnAssign), block):
            for target, _, given in state_changes.changes_by(node):
                if isinstance(target, ast.Attribute) and target.attr == attribute:
                    if isinstance(given, ast.Constant):
                        return type(given.value) is type(now) and given.value == now
                    return not assertions.length(now)
    return True


def _reader(owner: object, undo: _Undo, link: Link) -> Step | None:
    """Return the failing line that depends on the attribute: it reads it, or lacks its work."""
    for step in link.users:
        test = raise_conditions.condition_of(step.frame.f_code.co_filename, step.line)
        statement = step.source.simple
        reads = test if test is not None else statement
        if reads is not None and (test is not None or isinstance(statement, ast.Assert | ast.Expr)):
            sight = effects.read_by([reads], meaning.names_of(step.frame), step.frame.f_code)
            if ("attribute", id(owner), undo.attribute) in sight.keys:
                return step
    last = link.user
    if last is not None and any(
        first_argument(last.frame) is objects.attribute(owner, name) for name in _gated(undo)
    ):
        return last
    return None


def _gated(undo: _Undo) -> Iterator[str]:
    """Yield the parts of the object on which the function calls a method under a condition.

    The condition is about the attribute: `if self.users == 1: await self.session.open()`.
    """
    for node in nodes_of(ast.If, undo.around):
        if undo.attribute in mentioned(node.test):
            for call in calls_in(*node.body):
                match call.func:
                    case ast.Attribute(value=ast.Attribute(value=ast.Name(id="self"), attr=name)):
                        yield name


def _is_inside(undo: _Undo) -> bool:
    """Return whether a task is in the function now: then it may have changed the attribute."""
    pending = (one for one in live_loops.every() if futures.is_task(one) and not futures.done(one))
    return any(
        frame.f_code is undo.code
        for one in pending
        for frame in await_chain.user_frames(futures.coroutine(one))
    )


def _was_cancelled(owner: object, undo: _Undo, link: Link) -> bool:
    """Return whether a cancellation has left the function of *owner* before the failing lines."""
    kinds = {CANCELLED, TIMEOUT} if _was_limited(undo) else {CANCELLED}
    alone = len({id(one) for one in _owners(link) if type(one) is type(owner)}) == 1
    for step in link.users:
        block = parsed_files.function_of(step.frame.f_code)
        steps: list[ast.AST] = []
        if block is not None:
            steps += _expecting(block, step, kinds)
        if block is not None and _has_cancelled(undo, block, step.line):
            steps += [given for one in _starts(block, step.line) for given in one.args]
        start = called_bodies.of_frame(step.frame, steps)
        for body in called_bodies.reached(start, deepest=DEEPEST) if steps else ():
            if body.code is undo.code and body.depth:
                thing = body.env.get(parameters.first(body.code) or "", objects.UNKNOWN)
                if thing is owner or (alone and not meaning.known(thing)):
                    return True
            elif alone and undo.code.co_name == "__aenter__" and _enters_unknown(body):
                return True
    return False


def _was_limited(undo: _Undo) -> bool:
    """Return whether a time limit of this test ended while the function waited."""
    return any(
        code is undo.code and body_spans_line(undo.around.body, line)
        for ended in timeouts.ended_in_this_test()
        for code, line in ended.lines()
    )


def _has_cancelled(undo: _Undo, block: Def, line: int) -> bool:
    """Return whether *block* cancels above *line*, and a task that runs the function ended so."""
    if not any(calls.last(one.func) == "cancel" for one in calls_in(block) if one.lineno < line):
        return False
    for task in live_loops.every():
        if futures.is_task(task) and futures.done(task) and futures.cancelled(task):
            code = getattr(futures.coroutine(task), "cr_code", None)
            if type(code) is CodeType and undo.code.co_name in (code.co_name, *code.co_names):
                return True
    return False


def _starts(block: Def, line: int) -> Iterator[ast.Call]:
    for one in calls_in(block):
        if one.lineno < line and calls.last(one.func) in task_starters.STARTERS:
            yield one


def _expecting(block: Def, step: Step, kinds: Set[str]) -> Iterator[ast.stmt]:
    """Yield what ran above *step* in the blocks that expect an error of *kinds*."""
    for one in executed_statements.blocks_over(block.body, step.line):
        named = {
            objects.class_name(kind).rpartition(".")[2]
            for item in one.items
            for given in getattr(item.context_expr, "args", [])
            for kind in dropping_guards.classes(meaning.of(given, step.frame))
        }
        if expecting_blocks.expects(one) and not kinds.isdisjoint(named):
            yield from one.body
    for around in nodes_of(ast.Try, block):
        named = {name for one in around.handlers for name in handlers.said(one.type)}
        if (around.end_lineno or 0) < step.line and not kinds.isdisjoint(named):
            yield from around.body


def _enters_unknown(body: called_bodies.Body) -> bool:
    """Return whether *body* has an `async with` over an object that only its code would show."""
    return any(
        not meaning.known(meaning.of(item.context_expr, body.env))
        for step in body.steps
        for block in nodes_of(ast.AsyncWith, step)
        for item in block.items
    )


def finding(seen: LeftState, code: str, slug: str) -> Finding:
    """Name the handler that a cancellation passes."""
    now = f" It is {seen.now} now." if seen.now else " It is not empty now."
    return Finding(
        code=code,
        slug=slug,
        certainty="likely",
        subject=seen.subject,
        where=seen.handler_at,
        made_at=seen.changed_at,
        used_at=seen.read_at,
        what=f"A cancellation of `{seen.function}` left `self.{seen.attribute}` as"
        f" {seen.changed_at} had changed it, and {seen.read_at} fails because of that.",
        why=f"`{seen.handler}` at {seen.handler_at} undoes the change, but CancelledError is no"
        f" Exception and passes it.{now}",
        fix=f"At {seen.handler_at}, catch `BaseException`, undo the change and raise the error"
        " again.",
    )
