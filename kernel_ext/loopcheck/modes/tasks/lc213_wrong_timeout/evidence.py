"""What only LC213 asks: which limit ran out, and which one its handler is about."""

from __future__ import annotations

import ast
import asyncio
import sys
from collections.abc import Iterator, Sequence
from types import CodeType, FrameType
from typing import Any, Literal, cast

from loopcheck.case.live import Live
from loopcheck.labels import Labels, plain
from loopcheck.light import dataclass, frozen
from loopcheck.modes.tasks.lc213_wrong_timeout import limit_lines
from loopcheck.modes.tasks.lc213_wrong_timeout.limit_lines import Limit
from loopcheck.process import objects
from loopcheck.process.errors import expected_errors, handed_on_errors
from loopcheck.process.failure import Link, Step
from loopcheck.records import Place
from loopcheck.source import lines, parsed_files, project_files
from loopcheck.source.catching import handlers, swallowing_handlers
from loopcheck.source.nodes import nodes_of, nodes_run_by
from loopcheck.source.values import meaning
from loopcheck.watch import swallowed
from loopcheck.watch.limits import timeouts

TIMEOUT = "TimeoutError"
NAMES = (TIMEOUT, "OSError", "Exception", "BaseException", "object")
_EXPIRING = asyncio.timeouts._State.EXPIRING  # type: ignore[attr-defined]
_EXPIRED = asyncio.timeouts._State.EXPIRED  # type: ignore[attr-defined]
ASKS = frozenset({"expired", "cancelled_caught", "cancel_called", "when", "deadline"})


@frozen
class WrongTimeout:
    """Two limits around one wait: the one that ran out, and the one that a handler is about."""

    how: Literal["taken", "missed"]
    fired: str  # as the code sets it: "asyncio.timeout(0.02)"; of a library: the call
    fired_at: Place
    other: str
    other_at: Place
    handler: str  # "except TimeoutError"
    handler_at: Place
    by_library: bool = False  # the limit that ran out is inside of the call
    block: str = ""  # "async with" or "with": the block that sets the other limit


@dataclass(frozen=True, eq=False)
class Stop:
    """A line that the error passed. Lives only during a look."""

    file: str
    line: int
    module: str
    frame: FrameType | None = None

    @property
    def user(self) -> bool:
        return project_files.owner(self.file, self.module) == "user"


def find_wrong_timeout(live: Live) -> WrongTimeout | None:
    """Return the limit whose error the handler of another one took, or never got."""
    for number, link in enumerate(handed_on_errors.causes(live.links)):
        if number and objects.is_a(link.error, TimeoutError):
            own = expected_errors.own_steps(link)
            found = _taken([_stop(step) for step in own], live.labels)
            if found is not None:
                return found
    return _swallowed(live) or _missed(live)


def _stop(step: Step) -> Stop:
    return Stop(step.frame.f_code.co_filename, step.line, step.module, step.frame)


# A handler that took the error of another limit


def _taken(path: Sequence[Stop], labels: Labels) -> WrongTimeout | None:
    """Return the two limits, if the handler at the start of *path* is about another one."""
    if not path or not path[0].user or path[-1].user:
        return None  # the project's own code raises it
    first, last = path[0], next(one for one in reversed(path) if one.user)
    handler = handlers.taker(first.file, first.line, NAMES)
    block = handler.around if handler is not None else None
    if handler is None or not isinstance(block, ast.Try) or _asks(handler):
        return None
    other = limit_lines.around(block.body, first.file, first.line)
    fired = limit_lines.ending_at(last.file, last.line)
    if other is None or (fired is not None and fired.call is other.call):
        return None
    if fired is None and last is first:
        return None  # which of the two it was is unknown
    if _has_expired(other, first.frame) or _is_longer(fired, last.frame, other, first.frame):
        return None  # both ran out
    call = lines.Line(last.file, last.line)
    return WrongTimeout(
        how="taken",
        fired=plain(fired.written if fired is not None else _call_at(call)),
        fired_at=limit_lines.place(
            last.file, fired.line if fired is not None else last.line, labels
        ),
        by_library=fired is None,
        **_about(other, handler, first.file, labels),
    )


def _has_expired(limit: Limit, frame: FrameType | None) -> bool:
    """True if the block of *limit* has a name, and its object says that it ran out."""
    named = limit.item.optional_vars if limit.item is not None else None
    thing = meaning.of(named, frame) if named is not None and frame is not None else None
    if objects.is_a(thing, asyncio.Timeout):
        return objects.peek(thing, "_state") in (_EXPIRING, _EXPIRED)
    return objects.peek(thing, "_cancel_called") is True  # anyio's scope


def _is_longer(
    fired: Limit | None, where: FrameType | None, other: Limit, frame: FrameType | None
) -> bool:
    """True if *fired* is as long as *other* around it, as far as both are known."""
    own = _seconds(fired, where) if fired is not None else None
    outer = _seconds(other, frame)
    return own is not None and outer is not None and own >= outer


def _seconds(limit: Limit, frame: FrameType | None) -> float | None:
    found = meaning.of(limit.seconds, frame if frame is not None else {})
    return float(cast("float", found)) if type(found) in (int, float) else None


def _about(other: Limit, handler: handlers.Handler, file: str, labels: Labels) -> dict[str, Any]:
    nodes = parsed_files.standing_at(other.file, other.line)
    blocks = [one for one in nodes if isinstance(one, ast.With | ast.AsyncWith)]
    kind = "async with" if blocks and isinstance(blocks[-1], ast.AsyncWith) else "with"
    return {
        "other": plain(other.written),
        "other_at": limit_lines.place(other.file, other.line, labels),
        "handler": handlers.words(handler),
        "handler_at": limit_lines.place(file, handler.node.lineno, labels),
        "block": kind if other.item is not None else "",
    }


def _asks(handler: handlers.Handler) -> bool:
    """True if the handler is about any error, or asks itself which limit has run out."""
    node = handler.node
    if not isinstance(node, ast.ExceptHandler) or handler.broad:
        return True
    if TIMEOUT not in handlers.said(node.type):
        return True
    body = list(nodes_run_by(node.body))
    limits = {
        ast.unparse(named)
        for item in nodes_of(ast.withitem, handler.around)
        for named in (item.optional_vars, item.context_expr)
        if named is not None
    }
    asked = any(
        isinstance(one, ast.Attribute) and one.attr in ASKS and ast.unparse(one.value) in limits
        for one in body
    )
    return asked or any(isinstance(one, ast.Raise) and one.exc is None for one in body)


def _call_at(line: lines.Line) -> str:
    """Return the call of a library on *line*, which has a limit inside."""
    found = [one for one in line.nodes() if isinstance(one, ast.Call)]
    return ast.unparse(found[0]) if found else "the call"


# A handler that swallowed it, and a test that asserts about the result


def _swallowed(live: Live) -> WrongTimeout | None:
    for entry in _entries():
        if TIMEOUT not in entry.names or entry.made:
            continue
        seen = swallowing_handlers.of_failure(live.links, live.item, [entry], live.labels)
        if any(one.asserted for one in seen) or _raises_later(entry, live.links[0]):
            found = _taken([Stop(*one) for one in entry.raised], live.labels)
            if found is not None:
                return found
    return None


def _raises_later(entry: swallowed.Entry, link: Link) -> bool:
    """True if the function that handled it has then raised the test's error, as a retry does."""
    last = link.trace[-1] if link.trace else None
    if last is None or last.frame.f_code is not entry.code:
        return False
    return parsed_files.step_at(entry.file, last.line, last.span) == "raise"


def _entries() -> Iterator[swallowed.Entry]:
    """Yield the timeouts that the test's code handled."""
    yield from swallowed.taken()
    if sys.version_info < (3, 12):
        for one in timeouts.fired_in_this_test():
            found = _entry(one)
            if found is not None:
                yield found


def _entry(fired: timeouts.Fired) -> swallowed.Entry | None:
    """Return where the error of *fired* is handled, by the lines that it passes."""
    way = fired.lines()
    for index, (code, line) in enumerate(way):
        stops = [_of_code(*one) for one in reversed(way[: index + 1])]
        if stops[0].user and handlers.taker(code.co_filename, line, NAMES) is not None:
            theirs = (asyncio.timeouts.__file__, 0, "asyncio.timeouts")
            raised = (*((one.file, one.line, one.module) for one in stops), theirs)
            above = way[index + 1 :]
            asked = tuple((c.co_filename, at, c.co_name) for c, at in above if _of_code(c, at).user)
            return swallowed.Entry(code, line, TIMEOUT, NAMES, "", raised, asked)
        if not stops[0].user and stops[0].module != "asyncio.tasks":
            return None  # a library may handle it
    return None


def _of_code(code: CodeType, line: int) -> Stop:
    waits = code is getattr(asyncio.wait_for, "__code__", None)
    return Stop(code.co_filename, line, "asyncio.tasks" if waits else "")


# A handler that is about a longer limit, inside of the one that ran out


def _missed(live: Live) -> WrongTimeout | None:
    """Return the handler that another limit, which ran out first, left no time for."""
    link = live.links[0]
    last = link.trace[-1] if link.trace else None
    if not objects.is_a(link.error, TimeoutError) or last is None or last.owner != "library":
        return None
    at = next((one for one in reversed(link.trace) if one.owner == "user"), None)
    fired = limit_lines.ending_at(at.frame.f_code.co_filename, at.line) if at is not None else None
    ended = next((one for one in live.links if one.error is link.error.__cause__), None)
    if at is None or fired is None or ended is None:
        return None
    inner = _below(ended, at)
    for step in reversed(inner):
        file = step.frame.f_code.co_filename
        handler = handlers.taker(file, step.line, (TIMEOUT,)) if step.owner == "user" else None
        block = handler.around if handler is not None else None
        if handler is None or not isinstance(block, ast.Try) or _asks(handler):
            continue
        other = limit_lines.around(block.body, file, step.line)
        if other is None or not _is_longer(other, step.frame, fired, at.frame):
            continue
        if _seconds(fired, at.frame) != _seconds(other, step.frame):
            return WrongTimeout(
                how="missed",
                fired=plain(fired.written),
                fired_at=limit_lines.place(fired.file, fired.line, live.labels),
                **_about(other, handler, file, live.labels),
            )
    return None


def _below(link: Link, step: Step) -> Sequence[Step]:
    """Return the frames of *link* that *step* called."""
    index = next((i for i, one in enumerate(link.trace) if one.frame is step.frame), None)
    return link.trace[index + 1 :] if index is not None else ()
