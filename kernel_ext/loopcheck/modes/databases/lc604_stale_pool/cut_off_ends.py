"""An object that an assertion finds half closed: its clean-up was cancelled, too."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator, Sequence
from types import CellType, CodeType, FrameType, FunctionType

from loopcheck.case.live import Live
from loopcheck.light import frozen
from loopcheck.modes.finding import Finding
from loopcheck.process import objects, parameters
from loopcheck.process.databases import connection_names
from loopcheck.process.waiting import await_chain
from loopcheck.records import Place, Subject
from loopcheck.source import effects, parsed_files
from loopcheck.source.catching import skipped_cleanups
from loopcheck.source.nodes import head_spans_line, spans_line
from loopcheck.source.statements.wait_order import waits_in_order
from loopcheck.source.values import called_bodies, callees, hoped_changes, meaning, special_methods
from loopcheck.source.values.called_bodies import Body
from loopcheck.watch.limits import cut_off_cleanups
from loopcheck.watch.limits.cut_off_cleanups import CutOff

DEEPEST = 5  # calls from the clean-up to the wait that was cancelled


@frozen
class CutOffEnd:
    """The clean-up of an object that a cancelled scope cut off."""

    subject: Subject
    asked: str  # "line.is_closed()"
    asked_at: Place
    begins_at: Place  # the line of the `except` or `finally`, or of the exit


def find_cut_off_end(live: Live) -> CutOffEnd | None:
    """Return the clean-up whose skipped lines would change what the failing assertion reads."""
    link = live.links[0]
    step = link.user
    statement = step.source.simple if step is not None else None
    if step is None or not isinstance(statement, ast.Assert):
        return None
    env = meaning.names_of(step.frame)
    reads = effects.read_by([statement.test], env, step.frame.f_code)
    about = {id(one): one for one in reads.held}
    for one in cut_off_cleanups.in_this_test():
        unrun = [*_unrun(one, [each.frame for each in link.users])]
        owners = [body.env.get(parameters.first(body.code) or "", None) for body in unrun]
        owner = next((about[id(each)] for each in owners if id(each) in about), None)
        changed = effects.Sight(
            equal=effects.equal_to(statement), useless=hoped_changes.useless(statement, env)
        )
        for body in unrun if owner is not None else ():
            effects.changed_by(body.steps, body.env, body.code, changed)
        asked = effects.common(reads, changed)
        if asked is not None:
            is_exit = unrun[0].code is not one.code
            line = _first_wait(unrun[0].code) if is_exit else one.line
            return CutOffEnd(
                subject=connection_names.named([owner], link.users, live.item, live.labels).subject,
                asked=asked,
                asked_at=step.place(live.labels),
                begins_at=await_chain.place(unrun[0].code, line, live.labels),
            )
    return None


def _unrun(one: CutOff, frames: Sequence[FrameType]) -> Iterator[Body]:
    """Yield what the cancellation kept from running: in the clean-up, and in what it called."""
    file = one.code.co_filename
    block = skipped_cleanups.block_at(file, one.failed, one.line)
    start = _body(one, frames)
    if isinstance(block, list):
        yield from _after(start, block, one.line)
    for item in reversed(block.items) if isinstance(block, ast.With | ast.AsyncWith) else ():
        entered = callees.value(item.context_expr, start.env)
        if (method := special_methods.users(entered, "__aexit__")) is not None:
            inner = called_bodies.of_method(method, 1)
            if inner is not None:
                yield from _after(inner, _block(inner.code), _first_wait(inner.code))
                return


def _after(body: Body, block: Sequence[ast.stmt], line: int) -> Iterator[Body]:
    """Yield what comes after the wait at *line* of *block*, and after those that it leads to."""
    inner = next(_called_at(body, line), None) if body.depth < DEEPEST else None
    first = _first_wait(inner.code) if inner is not None else 0
    left = skipped_cleanups.skipped(body.code.co_filename, block, line)
    if inner is None or not first:
        yield body._replace(steps=left)
        return
    # The rest of this statement is in the call.
    yield body._replace(steps=[one for one in left if not spans_line(one, line)])
    yield from _after(inner, _block(inner.code), first)


def _called_at(body: Body, line: int) -> Iterator[Body]:
    """Yield the body of what the wait at *line* runs."""
    for node in waits_in_order(_block(body.code)):
        match node:
            case ast.Await(value=ast.Call() as call) if spans_line(node, line):
                if (found := called_bodies.of_call(call, body.env, body.depth + 1)) is not None:
                    yield found
            case ast.AsyncWith(items=[item, *_]) if head_spans_line(node, line):
                entered = callees.value(item.context_expr, body.env)
                if (method := special_methods.users(entered, "__aenter__")) is not None:
                    yield from filter(None, [called_bodies.of_method(method, body.depth + 1)])


def _first_wait(code: CodeType) -> int:
    first = next(waits_in_order(_block(code)), None)
    return getattr(first, "lineno", 0)


def _block(code: CodeType) -> Sequence[ast.stmt]:
    block = parsed_files.function_of(code)
    return block.body if block is not None else ()


def _body(one: CutOff, frames: Sequence[FrameType]) -> Body:
    """Return the function of the clean-up, with the values of its names as far as they are known.

    If it has ended, its own names are unknown but that of its object.
    """
    frame = next((each for each in frames if each.f_code is one.code), None)
    if frame is not None:
        return called_bodies.of_frame(frame)
    cells = tuple([CellType() for _ in one.code.co_freevars])
    shared = objects.own_dict(sys.modules.get(one.module)) or {}
    function = FunctionType(one.code, shared, None, None, cells)  # type: ignore[arg-type]
    first, owner = parameters.first(one.code), one.owner() if one.owner is not None else None
    env = meaning.in_call(function, {first: owner} if first and owner is not None else {})
    return Body(_block(one.code), env, one.code)


def finding(seen: CutOffEnd, code: str, slug: str) -> Finding:
    """Name the clean-up that needs a shield."""
    first = seen.begins_at
    return Finding(
        code=code,
        slug=slug,
        certainty="likely",
        subject=seen.subject,
        where=first,
        used_at=seen.asked_at,
        what=f"The clean-up of `{seen.subject.name}` at {first} was cancelled before it changed"
        f" what {seen.asked_at} asserts about `{seen.asked}`.",
        why="A cancelled scope of anyio cancels each wait inside it, also those in an `except`, in"
        " a `finally` and in the exit of a `with`.",
        fix=f"Shield the clean-up: put the lines from {first} on into"
        " `with anyio.CancelScope(shield=True):`.",
    )
