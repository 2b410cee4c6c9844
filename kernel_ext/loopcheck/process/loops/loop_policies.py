"""Where a loop of the wrong kind refused, and policies set where they have no effect."""

from __future__ import annotations

import ast
import asyncio
import sys
from collections.abc import Iterator, Mapping, Sequence
from types import FunctionType
from typing import Any

from loopcheck.labels import Labels
from loopcheck.light import replace
from loopcheck.process import failure, objects
from loopcheck.process.failure import Link, Step
from loopcheck.process.frames import first_argument
from loopcheck.process.loops import loop_kinds
from loopcheck.records import Place, Refusal
from loopcheck.runner import fixtures
from loopcheck.source import call_names, lines, parsed_files, project_files
from loopcheck.source.nodes import calls_in
from loopcheck.source.values import callees

SETS = "set_event_loop_policy"
HOOK, FACTORY = "pytest_asyncio_loop_factories", "_asyncio_loop_factory"  # 1.4+
DEEPEST = 2  # calls to follow
SET_UPS = (
    *("setup_module", "setUpModule", "setup_function", "setup_class", "setUpClass"),
    *("setup_method", "setUp"),
)
POLICIES = (SETS, "get_event_loop_policy", "set_child_watcher", "get_child_watcher")
WATCHERS = ("add_child_handler", "_make_subprocess_transport")
ONLY_ON_WINDOWS = frozenset(
    {"WindowsSelectorEventLoopPolicy", "WindowsProactorEventLoopPolicy", "ProactorEventLoop"}
)


def read(links: Sequence[Link], item: Any, labels: Labels) -> Refusal | None:
    """Return what a loop or policy refused because of its kind, None if nothing did."""
    for link in links:
        found = _refused(link, labels)
        if found is not None:
            late = next(iter(_late(item, labels)), (None, None))
            if found.what == "method":
                found = _of_factory(found, link, item, labels)
            return _with(found, *late)
        if not failure.passed_on(link):
            break  # it failed for its own reason; the errors behind it were handled before
    return _no_effect(links, item, labels)


def _with(found: Refusal, late: Place | None, where: str | None) -> Refusal:
    return replace(found, late=late, late_in=where, factories=factories())


def _of_factory(found: Refusal, link: Link, item: Any, labels: Labels) -> Refusal:
    """Return *found* with the source of the test's loop: a factory overrides a policy."""
    hook = factory_at(item, labels)
    if hook is None:
        return replace(found, policy_at=_given_by(item, labels))
    loop = first_argument(link.trace[-1].frame)
    if not any(loop is one for one in fixtures.runners(item).values()):
        return found  # a loop that the test created itself
    return replace(found, factory_at=hook, class_at=_class_at(type(loop), labels))


def factory_at(item: Any, labels: Labels) -> Place | None:
    """Return the project's own hook that creates the loops of *item*, if only one does."""
    params = getattr(getattr(item, "callspec", None), "params", None) or {}
    caller = getattr(getattr(item, "ihook", None), HOOK, None)
    if params.get(FACTORY) is None or caller is None:
        return None
    codes = [getattr(one.function, "__code__", None) for one in caller.get_hookimpls()]
    if len(codes) != 1 or codes[0] is None or project_files.owner(codes[0].co_filename) != "user":
        return None
    return Place(labels.file(codes[0].co_filename), fixtures.def_line(codes[0]), HOOK)


def _given_by(item: Any, labels: Labels) -> Place | None:
    """Return the fixture in user code that sets the policy of the test's loop."""
    definition = fixtures.definitions(item).get("event_loop_policy") if item is not None else None
    users = definition is not None and fixtures.users(definition)
    return fixtures.place(definition, labels) if users else None


def factories() -> bool:
    """Return whether pytest-asyncio has a hook for creating loops: 1.4 has one."""
    plugin = sys.modules.get("pytest_asyncio.plugin")
    return any("loop_factories" in name for name in vars(plugin)) if plugin is not None else False


def _refused(link: Link, labels: Labels) -> Refusal | None:
    last = link.trace[-1] if link.trace else None
    if last is None:
        return None
    missing = _not_there(link)
    if missing is not None and _asked_by(link.trace) == "user":
        return _at(link, labels, "no such policy", missing)
    own, name = first_argument(last.frame), last.frame.f_code.co_name
    if last.module == "uvloop.loop" and objects.is_a(link.error, NotImplementedError):
        return _of_uvloop(link, labels, name.rpartition(".")[2])
    if not last.module.startswith("asyncio."):
        return _warned(link, labels)
    if objects.is_a(link.error, NotImplementedError) and _runs_tests(own):
        return _at(link, labels, "method", _method(link.trace), objects.type_name(own))
    if objects.is_a(link.error, NotImplementedError) and _is_policy(own):
        if not name.endswith("child_watcher"):
            return None
        found = _at(link, labels, "no watcher", name, objects.type_name(own))
        return replace(found, policy_at=_class_at(type(own), labels))
    if (
        objects.is_a(link.error, RuntimeError)
        and last.module == "asyncio.unix_events"
        and name in WATCHERS
    ):
        return _at(link, labels, "watcher", name)
    return _warned(link, labels)


def _of_uvloop(link: Link, labels: Labels, method: str) -> Refusal:
    """Return what uvloop's C code refused; user code may have passed it to `wait_for`."""
    found = _at(link, labels, "method", method, "uvloop.Loop")
    itself = (found.call or "").rpartition(".")[2] == method
    return found if itself else replace(found, call=f"loop.{method}")


def _asked_by(trace: Sequence[Step]) -> str:
    """Return whose line used the name; from 3.14 on asyncio's own code raises for a missing one."""
    return trace[-2 if _gives_names(trace[-1]) and len(trace) > 1 else -1].owner


def _gives_names(step: Step) -> bool:
    """Return whether asyncio's own `__getattr__` looks the name up: from 3.14 on."""
    return step.module == "asyncio" and step.frame.f_code.co_name == "__getattr__"


def _warned(link: Link, labels: Labels) -> Refusal | None:
    """Return the policy function whose deprecation was turned into an error: 3.14 warns for all."""
    if not objects.is_a(link.error, DeprecationWarning):
        return None
    for step in link.trace:
        name = step.frame.f_code.co_name
        if step.module == "asyncio.events" and name in POLICIES:
            return _at(link, labels, "deprecated", name)
        if _gives_names(step):  # reading `asyncio.DefaultEventLoopPolicy` is enough for the warning
            asked = step.frame.f_locals.get("name")
            if type(asked) is str and asked.endswith("EventLoopPolicy"):
                return _at(link, labels, "deprecated", asked)
    return None


def _at(link: Link, labels: Labels, what: Any, name: str, kind: str | None = None) -> Refusal:
    user = link.user
    call, place = None, None
    if user is not None:
        code = user.frame.f_code
        failed = user.instruction if user.instruction >= 0 else user.frame.f_lasti
        call = call_names.asked(lines.of_code(code, 0, failed).call)
        place = Place(labels.file(code.co_filename), user.line, code.co_name)
    return Refusal(what=what, name=name, call=call, called_at=place, kind=kind)


def _runs_tests(thing: object) -> bool:
    """Return whether *thing* is a loop that can run: an all-abstract fake can't."""
    return objects.is_loop(thing) and (
        objects.is_a(thing, asyncio.BaseEventLoop)
        or objects.module_of(type(thing)).partition(".")[0] in ("uvloop", "winloop", "rloop")
    )


def _is_policy(thing: object) -> bool:
    kind = vars(asyncio.events).get("AbstractEventLoopPolicy")
    kind = kind or vars(asyncio.events).get("_AbstractEventLoopPolicy")  # 3.14
    return kind is not None and objects.is_a(thing, kind)


def _class_at(kind: type, labels: Labels) -> Place | None:
    """Return the `class` line of *kind*, if it is user code."""
    filename = objects.users_class(kind)
    name = type.__dict__["__qualname__"].__get__(kind)
    block = parsed_files.class_named(filename, name) if filename is not None else None
    return Place(labels.file(filename), block.lineno, block.name) if filename and block else None


def _method(trace: Sequence[Step]) -> str:
    """Return the loop method that user code called, directly or through asyncio."""
    name = trace[-1].frame.f_code.co_name
    for step in reversed(trace):
        if not step.module.startswith("asyncio."):
            break
        called = step.frame.f_code.co_name
        if objects.is_loop(first_argument(step.frame)) and not called.startswith(("_", "run_")):
            name = called
    return name


def _not_there(link: Link) -> str | None:
    """Return the name that asyncio has on Windows only."""
    if sys.platform == "win32":
        return None
    error = link.error
    if objects.is_a(error, AttributeError):
        name = AttributeError.__dict__["name"].__get__(error)
        there = AttributeError.__dict__["obj"].__get__(error)
        return name if there is asyncio and name in ONLY_ON_WINDOWS else None
    if objects.is_a(error, ImportError):
        module = ImportError.__dict__["name"].__get__(error)
        words = objects.said(error).split("'")
        return (
            next((w for w in words if w in ONLY_ON_WINDOWS), None) if module == "asyncio" else None
        )
    return None


# Policies that are set too late


def _late(item: Any, labels: Labels) -> Iterator[tuple[Place, str]]:
    """Yield the lines of *item* and its fixtures that set a policy that no test will use.

    pytest-asyncio reads the policy at the start of the session, and restores it for each loop.
    """
    if item is None or "asyncio" not in type(item).__module__:
        return
    for name, definition in fixtures.definitions(item).items():
        if fixtures.users(definition) and name != "event_loop_policy":
            for place in _sets(objects.function_of(definition.func), labels):
                yield place, f"the fixture `{name}`"
    for name, function in _set_ups(item):
        for place in _sets(objects.function_of(function), labels):
            yield place, f"`{name}`"
    for place in _sets(objects.function_of(getattr(item, "obj", None)), labels):
        yield place, "the test"


def _set_ups(item: Any) -> Iterator[tuple[str, object]]:
    """Yield the set-up functions that xunit style or unittest would call before *item*."""
    module, cls = getattr(item, "module", None), getattr(item, "cls", None)
    spaces: list[Mapping[str, object]] = [vars(module)] if objects.is_module(module) else []
    spaces += (
        [objects.class_dict(one) for one in objects.mro(cls)] if objects.is_a(cls, type) else []
    )
    for space in spaces:
        yield from ((name, space[name]) for name in SET_UPS if name in space)


def _sets(function: FunctionType | None, labels: Labels) -> Iterator[Place]:
    """Yield the lines of *function*, and of user functions it calls, that set a policy."""
    for by, node in calls(function):
        if (call_names.asked(node) or "").rpartition(".")[2] == SETS:
            yield Place(labels.file(by.__code__.co_filename), node.lineno, by.__code__.co_name)


def calls(function: FunctionType | None, depth: int = 0) -> Iterator[tuple[FunctionType, ast.Call]]:
    """Yield the calls in *function* and in the user functions it calls, each with its function."""
    if function is None:
        return
    code = function.__code__
    block = parsed_files.function_of(code)
    for node in calls_in(block):
        yield function, node
        inner = _called(node, function) if depth < DEEPEST else None
        yield from calls(inner, depth + 1)


def _called(call: ast.Call, by: FunctionType) -> FunctionType | None:
    """Return the user function that a call in *by* refers to."""
    found = callees.function(call.func, {**by.__globals__, **objects.closed_over(by)})
    users = found is not None and project_files.owner(found.__code__.co_filename) == "user"
    return found if users and found is not by else None


def _no_effect(links: Sequence[Link], item: Any, labels: Labels) -> Refusal | None:
    """Return the policy that a failed assertion about the kind of a loop relied on."""
    link = links[0] if links else None
    last = link.trace[-1] if link is not None and link.trace else None
    if link is None or last is None or last.owner != "user":
        return None
    if not objects.is_a(link.error, AssertionError) or not loop_kinds.asked(last):
        return None
    for late, where in _late(item, labels):
        found = replace(_at(link, labels, "no effect", SETS), factory_at=factory_at(item, labels))
        return _with(found, late, where)
    return None
