"""A task or future that a line asks for its result before it has one."""

from __future__ import annotations

import ast
import inspect

from loopcheck.case.live import Live
from loopcheck.labels import plain
from loopcheck.light import frozen
from loopcheck.modes.finding import Finding
from loopcheck.process import failure, futures, objects
from loopcheck.process.failure import Link
from loopcheck.process.waiting import await_chain
from loopcheck.records import Place, Subject
from loopcheck.source import calls
from loopcheck.source.values import meaning
from loopcheck.watch import tasks

ASKS = frozenset({"result", "exception"})
UNSET = "is not set"
ASYNCHRONOUS = inspect.CO_COROUTINE | inspect.CO_ASYNC_GENERATOR


@frozen
class UnsetResult:
    """A task or future without a result, and the line that asks for one."""

    name: str  # "job", "self._answer"
    asks: str  # "result"
    coroutine: str  # of a task; "" for a plain future
    at: Place
    started_at: Place | None = None


def find_unset_result(live: Live) -> UnsetResult | None:
    """Return what the failing line asks too early, if that line itself asks."""
    link = live.links[0]
    step = link.user
    if step is None or step is not link.trace[-1] or UNSET not in objects.said(link.error):
        return None
    if not step.frame.f_code.co_flags & ASYNCHRONOUS:
        return None  # no `await` can stand there
    for node in step.source.nodes():
        match node:
            case ast.Call(func=ast.Attribute(value=asked, attr=name), args=[]) if name in ASKS:
                thing = meaning.of(asked, step.frame)
                if not futures.is_future(thing) or not _is_awaitable(thing, link):
                    continue
                coroutine, started = "", None
                if futures.is_task(thing):
                    coroutine = await_chain.name_of(futures.coroutine(thing))
                    started = calls.started(tasks.site(thing), coroutine.rpartition(".")[2])
                return UnsetResult(
                    name=plain(ast.unparse(asked)),
                    asks=name,
                    coroutine=coroutine,
                    at=step.place(live.labels),
                    started_at=Place(live.labels.file(started.file), started.line, started.function)
                    if started is not None
                    else None,
                )
    return None


def _is_awaitable(thing: object, link: Link) -> bool:
    """Return whether *thing* is of the loop that the failing code ran on, if that is known."""
    loop = failure.ran_on(link)
    return loop is None or futures.loop(thing) is loop


def finding(seen: UnsetResult, code: str, slug: str) -> Finding:
    """Name the line that does not wait."""
    task = f"the task `{seen.coroutine}`" if seen.coroutine else f"the future `{seen.name}`"
    started = f", which {seen.started_at} starts" if seen.started_at is not None else ""
    return Finding(
        code=code,
        slug=slug,
        certainty="certain",
        subject=Subject(name=seen.name, type=f"asyncio.{'Task' if seen.coroutine else 'Future'}"),
        where=seen.at,
        made_at=seen.started_at,
        what=f"`{seen.name}.{seen.asks}()` at {seen.at} asks {task}{started}, and it has not ended"
        " yet."
        if seen.coroutine
        else f"`{seen.name}.{seen.asks}()` at {seen.at} asks {task}, and nothing has set it yet.",
        why=f"`{seen.asks}()` does not wait. It raises InvalidStateError while nothing is there.",
        fix=f"Write `await {seen.name}` at {seen.at}, under `asyncio.timeout(1)`.",
        remedy=("await", seen.name),
    )
