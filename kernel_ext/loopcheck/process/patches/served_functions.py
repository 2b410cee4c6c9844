"""The functions of an app that a test reached by HTTP: its own lines do not call them."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator, Sequence
from types import FunctionType, ModuleType

from loopcheck.light import dataclass
from loopcheck.process import objects
from loopcheck.process.failure import Link, Step
from loopcheck.process.patches import patch_origins
from loopcheck.source import modules
from loopcheck.source.nodes import calls_in

METHODS = frozenset({"get", "post", "put", "patch", "delete", "head", "options"})


DEEPEST = 5  # dependencies of dependencies


@dataclass(frozen=True, eq=False)
class Asked:
    """A function that FastAPI called for another one. Lives only while a probe runs."""

    function: object
    by: FunctionType  # the endpoint, or the dependency that needs it
    name: str | None  # of the parameter; None: its result is not used
    overridden: bool
    path: str  # of the route


def endpoints(link: Link, step: Step) -> Iterator[FunctionType]:
    """Yield the endpoints that produced the response that the failing line of *step* checks."""
    for _, _, function in _routes(link, step):
        yield function


def dependencies(link: Link, step: Step) -> Iterator[Asked]:
    """Yield the dependencies that FastAPI called for these endpoints."""
    for app, route, function in _routes(link, step):
        held = objects.peek(app, "dependency_overrides")
        instead = [*held] if type(held) is dict else []
        todo = [(objects.peek(route, "dependant"), function)]
        path = objects.peek(route, "path")
        for _ in range(DEEPEST):
            inner = []
            for of, by in todo:
                below = objects.peek(of, "dependencies")
                for one in below if type(below) is list else ():
                    called, name = objects.peek(one, "call"), objects.peek(one, "name")
                    over = any(called is key for key in instead)
                    named, at = (x if type(x) is str else None for x in (name, path))
                    yield Asked(called, by, named, over, at or "")
                    if (own := objects.function_of(called)) is not None and not over:
                        inner.append((one, own))
            todo = inner


def _routes(link: Link, step: Step) -> Iterator[tuple[object, object, FunctionType]]:
    """Yield the apps and routes that the test requested, each with its endpoint."""
    if type(sys.modules.get("fastapi.applications")) is not ModuleType:
        return
    asked = list(_requests(step))
    for app in apps((link,)) if asked else ():
        for prefix, route in _routes_below(objects.peek(app, "router")):
            pattern, methods = objects.peek(route, "path_regex"), objects.peek(route, "methods")
            function = objects.function_of(objects.peek(route, "endpoint"))
            if function is None or type(pattern) is not re.Pattern or type(methods) is not set:
                continue
            if any(
                method in methods and path.startswith(prefix) and pattern.match(path[len(prefix) :])
                for method, path in asked
            ):
                yield app, route, function


def _routes_below(router: object) -> Iterator[tuple[str, object]]:
    """Yield the routes of *router* and of those that it includes, each with what comes before it.

    Older versions of FastAPI copy the routes of an included router, newer ones refer to it.
    """
    todo = [("", router, 0)]
    for prefix, one, depth in todo:  # it grows
        routes = objects.peek(one, "routes")
        for route in list(routes) if type(routes) is list else ():
            yield prefix, route
            inner = objects.peek(route, "original_router")
            added = objects.peek(objects.peek(route, "include_context"), "prefix")
            if inner is not None and type(added) is str and depth < DEEPEST:
                todo.append((prefix + added, inner, depth + 1))


def apps(links: Sequence[Link]) -> Iterator[object]:
    """Yield the apps in the failing frames and in user modules."""
    kind = vars(sys.modules["fastapi.applications"]).get("FastAPI")
    if not isinstance(kind, type):
        return
    frames = [step.frame for link in links for step in link.trace]
    # Most values are in several frames: each counts once.
    values = {id(value): value for frame in frames for value in list(frame.f_locals.values())}
    for value in values.values():
        if objects.is_a(value, kind):
            yield value
        transport = objects.peek(value, "_transport")
        for thing in (objects.peek(transport, "app"), objects.peek(value, "app")):
            if objects.is_a(thing, kind):
                yield thing
    for space in modules.spaces():
        yield from (value for value in list(space.held.values()) if objects.is_a(value, kind))


def _requests(step: Step) -> Iterator[tuple[str, str]]:
    for made in patch_origins.made_of(step):
        for node in calls_in(made):
            if isinstance(node.func, ast.Attribute) and node.args:
                path = node.args[0]
                if node.func.attr in METHODS and isinstance(path, ast.Constant):
                    yield node.func.attr.upper(), str(path.value).partition("?")[0]
