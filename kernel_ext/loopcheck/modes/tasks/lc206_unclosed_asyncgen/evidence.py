"""What only LC206 asks: which task runs the async generator that a line closes or continues."""

from __future__ import annotations

import ast
import re
from types import AsyncGeneratorType
from typing import Any

from loopcheck.case.live import Live
from loopcheck.light import frozen
from loopcheck.process import futures, objects
from loopcheck.process.failure import Step
from loopcheck.process.frames import line_at
from loopcheck.process.loops import live_loops
from loopcheck.process.pending import premature_asserts
from loopcheck.process.waiting import await_chain
from loopcheck.records import Place
from loopcheck.source.nodes import nodes_run_by
from loopcheck.source.values import callees, meaning, value_origins

SAID = re.compile(r"(aclose|anext|asend|athrow)\(\): asynchronous generator is already running")
MOST = 500  # tasks


@frozen
class RunningGenerator:
    """An async generator that a line closes or continues while a task waits inside it."""

    name: str  # its function
    said: str  # what the failing line calls it: "self.messages"
    asked: str  # "aclose", "anext"
    used_at: Place
    task: str  # the coroutine of the task that runs it
    waits_at: Place | None  # the task's own line: its `async for`
    inside: Place | None  # the line of the generator at which it waits


def find_running_generator(live: Live) -> RunningGenerator | None:
    """Return the generator that was busy for another task when the failing line called it."""
    for link in live.links:
        said = SAID.match(objects.said(link.error))
        step = link.user
        if said is None or step is None or not objects.is_a(link.error, RuntimeError):
            continue
        for written, generator in _generators(step):
            task = _runner(generator)
            if task is not None:
                return _read(generator, written, said[1], task, step, live)
    return None


def _generators(step: Step) -> list[tuple[str, Any]]:
    """Return the async generators on the failing line that are in the middle of a step."""
    env = meaning.names_of(step.frame)
    found = []
    for node in nodes_run_by(value_origins.statements(step)):
        if isinstance(node, ast.Name | ast.Attribute | ast.Subscript):
            value = callees.value(node, env)
            if type(value) is AsyncGeneratorType and value.ag_running:
                found.append((ast.unparse(node), value))
    return found


def _runner(generator: Any) -> Any:
    """Return the pending task whose awaits lead through *generator*."""
    for task in live_loops.every()[:MOST]:
        if futures.is_task(task) and not futures.done(task):
            way, _ = await_chain.chain(futures.coroutine(task))
            if any(one is generator for one in way):
                return task
    return None


def _read(
    generator: Any, written: str, asked: str, task: Any, step: Step, live: Live
) -> RunningGenerator:
    way, _ = await_chain.chain(futures.coroutine(task))
    at = next(number for number, one in enumerate(way) if one is generator)
    before = [await_chain.frame_of(one) for one in way[:at]]
    outer = next((one for one in reversed(before) if one is not None), None)
    inner = await_chain.frame_of(generator)
    return RunningGenerator(
        name=await_chain.name_of(generator),
        said=written,
        asked=asked,
        used_at=step.place(live.labels),
        task=premature_asserts.name(task),
        waits_at=await_chain.place(outer.f_code, line_at(outer), live.labels)
        if outer is not None
        else None,
        inside=await_chain.place(inner.f_code, line_at(inner), live.labels)
        if inner is not None
        else None,
    )
