"""What only LC102 asks: has a call that failed bound an object to its loop already?

The object refuses another loop by a check of its own. The test expects its first call to fail, and
that leaves nothing on the first loop. Only the reference is left, since it came too early.
"""

from __future__ import annotations

import ast
import asyncio
from collections.abc import Iterator
from itertools import islice

from loopcheck.case.live import Live
from loopcheck.light import frozen
from loopcheck.modes.finding import Finding
from loopcheck.process import failure, objects
from loopcheck.process.failure import Link, Step
from loopcheck.process.loops import loop_checks
from loopcheck.records import Place, Subject
from loopcheck.source import bindings, calls, parsed_files
from loopcheck.source.assignments import Assignment, assignments_in
from loopcheck.source.catching import expecting_blocks
from loopcheck.source.definitions import Def
from loopcheck.source.nodes import body_spans_line, calls_in, nodes_of
from loopcheck.source.statements import raise_conditions
from loopcheck.source.values import attribute_origins, meaning

NODES = 2_000  # objects of one cache or client


@frozen
class EarlyBinding:
    """An object that keeps the loop of a call that failed."""

    name: str  # "cached"
    type: str
    attribute: str  # "self._loop"
    kept_at: Place  # the line that gives it the attribute
    bound_at: Place  # the line of the failed call that led there
    failed_at: Place  # that call, in the test
    refused_at: Place
    sure: bool  # the test goes on only if that call has failed


def find_early_binding(live: Live) -> EarlyBinding | None:
    """Return the object that refuses this loop, if the only earlier call of it has failed."""
    link = live.links[0]
    last = link.trace[-1] if link.trace else None
    if last is None or last.owner != "user":
        return None
    _, here = failure.runner(link.trace, live.loop)
    check = loop_checks.refused(last.frame, last.line, here)
    if check is None or _keeps_more(*check):
        return None
    owner, home = check
    attribute = _attribute(last, home)
    kept = list(_givers(owner, attribute)) if attribute is not None else []
    earlier = next(_earlier_calls(link, owner), None)
    if attribute is None or len(kept) != 1 or earlier is None:
        return None
    [(file, method, given)] = kept
    name, step, call, sure = earlier
    kept_at = Place(live.labels.file(file), given.line, method.name)
    return EarlyBinding(
        name=name,
        type=objects.type_name(owner),
        attribute=attribute,
        kept_at=kept_at,
        bound_at=_led_there(link, method, live) or kept_at,
        failed_at=Place(
            live.labels.file(step.frame.f_code.co_filename), call.lineno, step.frame.f_code.co_name
        ),
        refused_at=last.place(live.labels),
        sure=sure,
    )


def _keeps_more(owner: object, home: asyncio.AbstractEventLoop) -> bool:
    """Return whether *owner* keeps a task, a future or another object of its loop *home*."""
    return any(
        thing is not owner and not objects.is_loop(thing) and objects.bound_loop(thing) is home
        for _, thing, _ in islice(objects.walk(owner), NODES)
    )


def _attribute(step: Step, home: asyncio.AbstractEventLoop) -> str | None:
    """Return the attribute with the loop, as the check at *step* writes it."""
    for kept, _ in raise_conditions.found_different(step.frame.f_code.co_filename, step.line):
        if meaning.of(kept, step.frame) is home:
            return ast.unparse(kept)
    return None


def _givers(owner: object, attribute: str) -> Iterator[tuple[str, Def, Assignment]]:
    """Yield where a method of *owner* gives it the *attribute*, other than None."""
    for _, function in attribute_origins.methods_of(type(owner)):
        block = parsed_files.function_of(function.__code__)
        if block is None:
            continue
        for one in assignments_in(block):
            empty = isinstance(one.value, ast.Constant) and one.value.value is None
            if one.sets(attribute) and not empty:
                yield function.__code__.co_filename, block, one


def _led_there(link: Link, method: Def, live: Live) -> Place | None:
    """Return the line that calls *method*, in the innermost other function of the failure."""
    for step in link.users:
        block = parsed_files.function_of(step.frame.f_code)
        if block is None or block is method:
            continue
        called = [one for one in calls_in(block) if calls.last(one.func) == method.name]
        if len(called) == 1:
            code = step.frame.f_code
            return Place(live.labels.file(code.co_filename), called[0].lineno, code.co_name)
    return None


def _earlier_calls(link: Link, owner: object) -> Iterator[tuple[str, Step, ast.expr, bool]]:
    """Yield the name of *owner* in the test, and its only earlier call, which is to fail there."""
    for step in link.users:
        block = parsed_files.function_of(step.frame.f_code)
        if block is None:
            continue
        local = meaning.own_names(step.frame)
        for call in calls_in(step.source.simple):
            func = call.func
            held = [one for one in (func, getattr(func, "value", None)) if one is not None]
            named = next((one for one in held if meaning.of(one, step.frame) is owner), None)
            root, _ = bindings.root_of(named) if named is not None else (None, None)
            if named is None or root not in local or root in bindings.parameters(block):
                continue
            text = ast.unparse(named)
            before = [
                one
                for one in nodes_of((ast.Name, ast.Attribute), block)
                if isinstance(one.ctx, ast.Load) and ast.unparse(one) == text
                if one.lineno < step.line and one is not named
            ]
            if len(before) == 1 and (sure := _fails(block, before[0].lineno)) is not None:
                yield text, step, before[0], sure


def _fails(block: Def, line: int) -> bool | None:
    """Return whether *line* has surely failed, None if nothing there expects an error."""
    if any(len(one.body) == 1 for one in expecting_blocks.around(block, line)):
        return True
    tries = nodes_of((ast.Try, ast.TryStar), block)
    caught = any(body_spans_line(one.body, line) and one.handlers for one in tries)
    return False if caught else None


def finding(seen: EarlyBinding, loops: tuple[str, str], code: str, slug: str) -> Finding:
    """Name the line that binds the object before the call can fail; *loops* are its and this."""
    return Finding(
        code=code,
        slug=slug,
        certainty="certain" if seen.sure else "likely",
        subject=Subject(name=seen.name, type=seen.type),
        where=seen.bound_at,
        made_at=seen.kept_at,
        used_at=seen.refused_at,
        made_on=loops[0],
        used_on=loops[1],
        what=f"The call at {seen.failed_at} failed and left `{seen.name}` bound to its loop, since"
        f" {seen.bound_at} binds it before the call can fail.",
        why=f"`{seen.attribute}` keeps the loop from {seen.kept_at}, and nothing else of that loop"
        f" is left. {seen.refused_at} refuses any other loop.",
        fix=f"Move the line {seen.bound_at} below what can fail in a call, such as the check of its"
        " arguments. Then a call that fails binds nothing.",
    )
