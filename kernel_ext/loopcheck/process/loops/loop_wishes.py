"""A property of the loop that an assertion needs, and an `event_loop` fixture would have set.

pytest-asyncio no longer uses a fixture of that name: no test runs on the loop that it configures.
"""

from __future__ import annotations

import ast
import asyncio
import sys
from collections.abc import Iterator, Sequence
from types import FunctionType, ModuleType
from typing import Any

from loopcheck.labels import Labels
from loopcheck.process import objects
from loopcheck.process.failure import Link, Step
from loopcheck.process.loops import loop_kinds, loop_policies
from loopcheck.records import LoopWish, Place
from loopcheck.runner import fixtures, loop_scopes
from loopcheck.source import call_names
from loopcheck.source.nodes import has_node, nodes_of
from loopcheck.source.values import callees, meaning

NAME = "event_loop"
# What sets it, what reads it, where a loop keeps it, and its name in words.
SETTINGS = {
    "set_debug": ("get_debug", "_debug", "debug mode"),
    "set_task_factory": ("get_task_factory", "_task_factory", "task factory"),
    "set_exception_handler": ("get_exception_handler", "_exception_handler", "exception handler"),
}
RUNNING = ("get_running_loop", "get_event_loop")
OTHERS = ("uvloop", "winloop", "rloop")  # their functions create their own kind of loop


Given = tuple[FunctionType, ast.Call]  # a call of the override, and the function that contains it


def read(links: Sequence[Link], item: Any, labels: Labels) -> LoopWish | None:
    """Return what the failing line needs of its loop, and only the override would set."""
    link = links[0] if links else None
    last = link.trace[-1] if link is not None and link.trace else None
    if link is None or last is None or last.owner != "user":
        return None
    if not objects.is_a(link.error, AssertionError) or "asyncio" not in type(item).__module__:
        return None
    asked = [one.test for one in loop_kinds.asserted(last)]
    # With several conditions it is unknown which one failed.
    if len(asked) != 1 or has_node(ast.BoolOp, asked[0]):
        return None
    loop = fixtures.runners(item).get(str(loop_scopes.of_test(item)))
    if loop is None:
        return None
    found = _setting(last, asked[0], loop, item) or _kind(last, asked[0], loop, item)
    return _record(found[0], found[1], last, item, labels) if found is not None else None


def _given(item: Any) -> Iterator[Given]:
    """Yield the calls in the override that *item* can see."""
    for definition in fixtures.visible(NAME, item)[-1:]:
        if fixtures.users(definition):
            yield from loop_policies.calls(objects.function_of(definition.func))


def _setting(step: Step, asked: ast.expr, loop: object, item: Any) -> tuple[Given, str] | None:
    """Return the call that would have set what the line checks, if the loop does not have it."""
    got = {node.attr for node in _asked(step, asked) if _is_own(node.value, step, loop)}
    wanted = {
        setter: words
        for setter, (getter, kept, words) in SETTINGS.items()
        if getter in got and objects.is_a(loop, asyncio.BaseEventLoop)
        if not objects.peek(loop, kept)
    }
    for one in _given(item) if wanted else ():
        name = (call_names.asked(one[1]) or "").rpartition(".")[2]
        first = one[1].args[0] if one[1].args else None
        off = isinstance(first, ast.Constant) and not first.value
        if name in wanted and first is not None and not off:
            return one, wanted[name]
    return None


def _asked(step: Step, asked: ast.expr) -> Iterator[ast.Attribute]:
    """Yield the methods whose result is all that the line asserts or compares."""
    sides = [asked.left, *asked.comparators] if isinstance(asked, ast.Compare) else [asked]
    for side in sides:
        given = loop_kinds.given(step, [side])
        for one in given if isinstance(side, ast.Name) else [side]:
            if isinstance(one, ast.Call) and isinstance(one.func, ast.Attribute):
                yield one.func


def _is_own(node: ast.AST, step: Step, loop: object) -> bool:
    """Return whether *node* refers to *loop*, on which the line runs."""
    if isinstance(node, ast.Call):
        return (call_names.asked(node) or "").rpartition(".")[2] in RUNNING
    return callees.value(node, meaning.names_of(step.frame)) is loop


def _kind(step: Step, asked: ast.expr, loop: object, item: Any) -> tuple[Given, type] | None:
    """Return the call that would have created a kind of loop with which the line would hold."""
    told = list(nodes_of(ast.expr, asked, *loop_kinds.given(step, [asked])))
    if not loop_kinds.asked(step) or not any(_is_own(node, step, loop) for node in told):
        return None
    for one in _given(item):
        kind = _made(*one)
        if kind is not None and any(_tells(node, step, kind, type(loop)) for node in told):
            return one, kind
    return None


def _tells(node: ast.AST, step: Step, kind: type, own: type) -> bool:
    """Return whether *node* names something that is true of only one of two kinds of loop."""
    if isinstance(node, ast.Constant):
        return (node.value in _words(kind)) != (node.value in _words(own))
    named = callees.value(node, meaning.names_of(step.frame))
    if not objects.is_a(named, type):
        return False
    return (named in objects.mro(kind)) != (named in objects.mro(own))


def _words(kind: type) -> set[object]:
    module, name = objects.module_of(kind), type.__dict__["__name__"].__get__(kind)
    return {module, module.partition(".")[0], name, f"{module}.{name}"}


def _made(by: FunctionType, call: ast.Call) -> type | None:
    """Return the kind of loop that a call creates, as far as its name shows."""
    space = {**_imported(by), **by.__globals__, **objects.closed_over(by)}
    maker = callees.value(call.func, space)
    kind = maker if objects.is_a(maker, type) else None
    module = objects.module_of(kind) if kind is not None else objects.peek(maker, "__module__")
    module = maker.__module__ if type(maker) is FunctionType else module
    root = module.partition(".")[0] if type(module) is str else ""
    if root in OTHERS:
        kind = vars(sys.modules[root]).get("Loop") if root in sys.modules else None
    elif kind is not None and asyncio.AbstractEventLoop not in objects.mro(kind):
        made = (objects.class_dict(one).get("_loop_factory") for one in objects.mro(kind))
        kind = next((one for one in made if objects.is_a(one, type)), None)  # a policy's
    return kind if objects.is_a(kind, type) else None


def _imported(function: FunctionType) -> dict[str, object]:
    """Return the modules that *function* would import, if loaded: the function never ran."""
    names = set(function.__code__.co_names)
    loaded = {name: sys.modules.get(name) for name in names & set(OTHERS)}
    return {name: one for name, one in loaded.items() if type(one) is ModuleType}


def _record(given: Given, what: str | type, step: Step, item: Any, labels: Labels) -> LoopWish:
    (by, call), asked = given, step.frame.f_code
    return LoopWish(
        what="the kind of loop" if isinstance(what, type) else f"the {what}",
        kind=_written(what) if isinstance(what, type) else None,
        setter=call_names.asked(call) or "",
        given_at=Place(labels.file(by.__code__.co_filename), call.lineno, by.__code__.co_name),
        asked_at=Place(labels.file(asked.co_filename), step.line, asked.co_name),
        factories=loop_policies.factories(),
        factory_at=loop_policies.factory_at(item, labels),
        debug=hasattr(sys.modules.get(fixtures.PLUGIN), "_get_asyncio_debug"),
    )


def _written(kind: type) -> str:
    module, name = objects.module_of(kind), type.__dict__["__name__"].__get__(kind)
    return name if objects.users_class(kind) else f"{module.partition('.')[0]}.{name}"
