"""Applications of Starlette and FastAPI in a failure's frames, and the code that starts them."""

from __future__ import annotations

import ast
import contextlib
import inspect
import re
from collections.abc import Iterator, Sequence
from types import FunctionType, MethodType

from loopcheck.light import dataclass
from loopcheck.process import heap, objects, parameters, thread_stacks
from loopcheck.process.failure import Step
from loopcheck.source import parsed_files
from loopcheck.source.nodes import calls_in
from loopcheck.source.values import callees, meaning
from loopcheck.source.values.callees import Env

MODULES = frozenset({"starlette.applications", "fastapi.applications"})
TEST_CLIENT = "starlette.testclient"
MIDDLEWARE = "starlette.middleware.base"  # runs what is below it in a task of its own
TRANSPORTS = ("httpx._transports.asgi", "httpx2._transports.asgi")
VERBS = frozenset({"get", "post", "put", "patch", "delete"})
# What `asynccontextmanager` and `contextmanager` return.
MANAGERS: tuple[type, ...] = (
    vars(contextlib)["_AsyncGeneratorContextManager"],
    vars(contextlib)["_GeneratorContextManager"],
)
_GENERATORS = inspect.CO_GENERATOR | inspect.CO_ASYNC_GENERATOR
MOST_LAYERS = 30
DEEPEST = 6  # wrappers around a lifespan: FastAPI adds one for each router


@dataclass(frozen=True, eq=False)
class AppFunction:
    """A function of the project that an application calls. Lives during a look only."""

    function: FunctionType
    given: dict[str, object]  # its first parameters, as far as they are known


@dataclass(frozen=True, eq=False)
class Sender:
    """What sends the request to the application. Lives only during a look."""

    kind: str  # the name of its class: "TestClient", "ASGITransport"
    entered: bool  # a TestClient that a `with` has entered: it ran the lifespan


@dataclass(frozen=True, eq=False)
class Route:
    """A route of an application, with the project's function behind it. Lives during a look."""

    app: object
    route: object
    endpoint: FunctionType
    client: object  # what sends the request

    def dependencies(self) -> Iterator[FunctionType]:
        """Yield the functions that FastAPI runs before the endpoint, without overridden ones."""
        overrides = objects.peek(self.app, "dependency_overrides")
        if not overrides:
            yield from dependencies(objects.peek(self.route, "dependant"))


def applications(trace: Sequence[Step]) -> list[object]:
    """Return the applications that handle the request, the outermost first."""
    found: dict[int, object] = {}
    for step in trace:
        if step.module in MODULES and step.frame.f_code.co_name == "__call__":
            app: object = thread_stacks.locals_of(step.frame).get("self")
            if objects.peek(app, "router") is not None:
                found.setdefault(id(app), app)
    return [*found.values()]


def sender(trace: Sequence[Step]) -> Sender | None:
    """Return what sends the request, None if the frames show neither client nor transport."""
    for step in trace:
        if step.module != TEST_CLIENT and step.module not in TRANSPORTS:
            continue
        one: object = thread_stacks.locals_of(step.frame).get("self")
        if step.module in TRANSPORTS:
            return Sender(objects.type_name(one).rpartition(".")[2], entered=False)
        if objects.peek(one, "app_state") is not None:
            return Sender(objects.type_name(one).rpartition(".")[2], has_run_lifespan(one))
    return None


def has_run_lifespan(client: object) -> bool:
    """Return whether *client* is a TestClient that something has entered, also if it is over.

    Its end takes the portal away, and leaves the task of the lifespan.
    """
    return objects.peek(client, "app_state") is not None and any(
        objects.peek(client, name) is not None for name in ("portal", "task")
    )


def starters(app: object) -> Iterator[AppFunction]:
    """Yield the project's functions that startup of *app* runs: lifespans and older handlers."""
    router = objects.peek(app, "router")
    yield from _starters(objects.peek(router, "lifespan_context"), app, set())
    handlers = objects.peek(router, "on_startup")
    for handler in handlers if type(handlers) is list else ():
        yield from _starters(handler, None, set())


def run_by_middleware(trace: Sequence[Step]) -> FunctionType | None:
    """Return the project's endpoint that a `BaseHTTPMiddleware` in *trace* has run.

    The router notes it in the request's scope when it calls it.
    """
    for step in reversed(trace):
        scope = thread_stacks.locals_of(step.frame).get("scope") if step.module == MIDDLEWARE else 0
        if type(scope) is dict:
            return _users(scope.get("endpoint"))
    return None


def dispatchers(app: object) -> Iterator[AppFunction]:
    """Yield the project's functions of each `BaseHTTPMiddleware` of *app*, the outermost first."""
    layer = objects.peek(app, "middleware_stack")
    for _ in range(MOST_LAYERS):
        called = objects.peek(layer, "dispatch_func")
        yield from _starters(called, None, set()) if called is not None else ()
        layer = objects.peek(layer, "app")


def _users(endpoint: object) -> FunctionType | None:
    function = objects.function_of(endpoint)
    return function if callees.of_user(function) else None


def endpoint(client: object, method: str, path: object) -> FunctionType | None:
    """Return the project's function that answers a request of *client*, one of httpx on an app."""
    found = route(client, method, path)
    return found.endpoint if found is not None else None


def route(client: object, method: str, path: object) -> Route | None:
    """Return the route that answers a request of *client*, if its endpoint is the project's."""
    app = objects.peek(objects.peek(client, "_transport"), "app")
    routes = objects.peek(objects.peek(app, "router"), "routes")
    for one in list(routes) if type(routes) is list and type(path) is str else ():
        pattern, methods = objects.peek(one, "path_regex"), objects.peek(one, "methods")
        if type(pattern) is not re.Pattern or type(methods) is not set or method not in methods:
            continue
        if pattern.match(str(path).partition("?")[0]):
            function = _users(objects.peek(one, "endpoint"))
            return Route(app, one, function, client) if function is not None else None
    return None


def requested(call: ast.Call, env: Env) -> Route | None:
    """Return the route that *call* sends a request to, if a client of an application makes it."""
    match call.func:
        case ast.Attribute(value=owner, attr=verb) if verb in VERBS and call.args:
            client, path = callees.value(owner, env), callees.value(call.args[0], env)
            return route(client, verb.upper(), path) if meaning.known(client) else None
    return None


def requests(step: Step) -> Iterator[Route]:
    """Yield the routes of the requests sent up to the line of *step*, the last one first."""
    env, block = meaning.names_of(step.frame), parsed_files.function_of(step.frame.f_code)
    sent = [one for one in calls_in(block) if one.lineno <= step.line]
    for call in sorted(sent, key=lambda one: one.lineno, reverse=True):
        if (route := requested(call, env)) is not None:
            yield route


def may_have_run(starter: AppFunction) -> bool:
    """Return whether *starter* may have run: a lifespan has begun, and waits at its `yield`.

    A plain function leaves no sign.
    """
    code = starter.function.__code__
    if not code.co_flags & _GENERATORS:
        return True
    return any(
        code is objects.peek(objects.peek(one, "gen"), name)
        for one in heap.instances(MANAGERS)
        for name in ("ag_code", "gi_code")
    )


def dependencies(dependant: object, depth: int = 0) -> Iterator[FunctionType]:
    """Yield the functions that FastAPI calls for *dependant*, and for what that depends on."""
    inner = objects.peek(dependant, "dependencies")
    for one in list(inner) if type(inner) is list and depth < DEEPEST else ():
        called = objects.peek(one, "call")
        if type(called) is FunctionType:
            yield called
        yield from dependencies(one, depth + 1)


def _starters(thing: object, app: object, seen: set[int]) -> Iterator[AppFunction]:
    """Yield *thing* if it is the project's, else the project's functions that it wraps."""
    bound = thing.__self__ if type(thing) is MethodType else None
    function = thing.__func__ if type(thing) is MethodType else thing
    if type(function) is not FunctionType or id(function) in seen or len(seen) > DEEPEST:
        return
    seen.add(id(function))
    code = function.__code__
    if callees.of_user(function):
        values = [one for one in (bound, app) if one is not None]
        names = parameters.positional(code)
        yield AppFunction(function, dict(zip(names, values, strict=False)))
        return
    for inner in objects.closed_over(function).values():  # `asynccontextmanager`, merged lifespans
        yield from _starters(inner, app, seen)
