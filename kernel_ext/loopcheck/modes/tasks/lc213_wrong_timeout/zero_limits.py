"""What only LC213 asks: which wait ended at once, with a limit of zero, though it had no need to.

A limit of zero ends a wait at its first step. anyio takes one even where there is nothing to wait
for, and `asyncio.wait_for` cancels what it gets before that has begun.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from loopcheck.case.live import Live
from loopcheck.labels import plain
from loopcheck.light import frozen
from loopcheck.modes.finding import Finding
from loopcheck.modes.tasks.lc213_wrong_timeout import limit_lines
from loopcheck.modes.tasks.lc213_wrong_timeout.limit_lines import Limit
from loopcheck.process import objects
from loopcheck.process.failure import Link, Step
from loopcheck.process.pending import first_awaits
from loopcheck.records import Place, Subject
from loopcheck.source import calls
from loopcheck.source.nodes import calls_in, nodes_of
from loopcheck.source.values import meaning


@frozen
class ZeroLimit:
    """A wait for what was there, and the limit of zero that ended it."""

    wait: str  # "self.jobs.get()"
    wait_at: Place
    limit: str  # "anyio.fail_after(seconds)"
    limit_at: Place
    by_call: bool = False  # `wait_for`


def find_zero_limit(live: Live) -> ZeroLimit | None:
    """Return the first wait of the failure that a limit of zero has ended for nothing."""
    for link in live.links:
        if not objects.is_a(link.error, TimeoutError):
            continue
        step = link.user
        limit = _of_line(step) if step is not None else None
        if step is None or limit is None or not _is_zero(limit, step):
            continue
        for waited in _waited(limit, step, live.links):
            if first_awaits.is_there(ast.Await(waited), meaning.names_of(step.frame)):
                return _zero(waited, limit, step, live)
    return None


def _of_line(step: Step) -> Limit | None:
    return limit_lines.ending_at(step.frame.f_code.co_filename, step.line)


def _is_zero(limit: Limit, step: Step) -> bool:
    if calls.last(limit.call.func) not in limit_lines.OF_SECONDS or limit.seconds is None:
        return False
    seconds = meaning.of(limit.seconds, step.frame)
    return type(seconds) in (int, float) and not seconds


def _waited(limit: Limit, step: Step, links: Sequence[Link]) -> Iterator[ast.expr]:
    """Yield what *limit* has ended in the frame of *step*."""
    if limit.item is None:
        yield from limit.call.args[:1]
        return
    for link in links:
        for one in link.trace:
            if one.frame is step.frame and one.line != step.line:
                yield from (node.value for node in nodes_of(ast.Await, one.source.simple))


def _zero(waited: ast.expr, limit: Limit, step: Step, live: Live) -> ZeroLimit:
    wait, at = _outermost(waited, step, live.links)
    return ZeroLimit(
        wait=plain(ast.unparse(wait)),
        wait_at=at.place(live.labels),
        limit=plain(limit.written),
        limit_at=limit_lines.place(limit.file, limit.line, live.labels),
        by_call=limit.item is None,
    )


def _outermost(waited: ast.expr, step: Step, links: Sequence[Link]) -> tuple[ast.expr, Step]:
    """Return the wait that the project's code decides on: a method `wait` may only pass it on."""
    for link in links:
        frames = [one.frame for one in link.trace]
        if step.frame not in frames:
            continue
        for above in reversed(link.trace[: frames.index(step.frame)]):
            name = calls.last(waited.func) if isinstance(waited, ast.Call) else None
            outer = [one for one in calls_in(above.source.simple) if calls.last(one.func) == name]
            if step.frame.f_code.co_name != name or len(outer) != 1 or above.owner != "user":
                break
            waited, step = outer[0], above
        break
    return waited, step


def finding(seen: ZeroLimit, code: str, slug: str) -> Finding:
    """Name the wait, which needs no limit, since nothing is to wait for."""
    same = seen.wait_at == seen.limit_at
    there, ask = _answer(seen.wait)
    by = f"`{seen.limit}`" if same else f"`{seen.limit}` at {seen.limit_at}"
    why = (
        "`asyncio.wait_for` cancels what it gets before that has begun, if its limit is zero."
        if seen.by_call
        else "anyio cancels a wait at its first step, if the limit is zero. It takes that step even"
        " where there is nothing to wait for."
    )
    return Finding(
        code=code,
        slug=slug,
        certainty="likely",
        subject=Subject(name=seen.wait, type="time limit"),
        where=seen.wait_at,
        made_at=seen.limit_at,
        used_at=seen.wait_at,
        what=f"{by} ended `{seen.wait}` at {seen.wait_at} with a limit of zero, though {there}.",
        why=why,
        fix=f"{ask} at {seen.wait_at} first, and wait only if that does not do. Or use a limit"
        " above zero.",
    )


def _answer(wait: str) -> tuple[str, str]:
    """Return what was there, and how the code can ask for it."""
    name = wait.partition("(")[0].rpartition(".")[2]
    return {
        "get": ("an item was there", "Call `get_nowait()`"),
        "put": ("there was room", "Call `put_nowait(…)`"),
        "acquire": ("it was free", "Ask `locked()`"),
    }.get(name, ("it was set already", "Ask `is_set()`"))
