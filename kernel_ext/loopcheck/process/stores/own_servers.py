"""Servers of the test run itself that should answer at an address, and their state."""

from __future__ import annotations

import ast
import asyncio
import re
import socket
import subprocess
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Literal

from loopcheck.labels import Labels
from loopcheck.process import objects
from loopcheck.process.failure import Step
from loopcheck.process.object_names import Root
from loopcheck.process.stores.unreachable import Address
from loopcheck.records import Place, ServerRecord
from loopcheck.runner import fixtures
from loopcheck.source import bindings, calls, parsed_files, project_files, user_code
from loopcheck.source.nodes import calls_in, names_in, nodes_of, own_nodes

peek = objects.peek
STOPS = frozenset(
    {"close", "stop", "terminate", "kill", "shutdown", "server_close", "cleanup", "aclose", "down"}
)
PORTS = ("port", "_port", "server_port")
STARTS = frozenset({"start_server", "create_server", "serve", "serve_forever", "start_unix_server"})
TASKS = frozenset({"create_task", "ensure_future", "start_soon"})
ROUNDS = 3  # from one local name to the next
Built = tuple[str, ast.AST, str | int]  # file and function of a fixture, and its value
State = Literal["closed", "not serving", "ended", "starting"]


def read(
    address: Address,
    roots: Iterable[Root],
    built: Iterable[Built],
    steps: Sequence[Step],
    chosen: bool,
    labels: Labels,
) -> ServerRecord | None:
    """Return the test's own server for *address*, None if there is none.

    *built* are fixtures that return an address or a port. *chosen*: a line of user code sets the
    port, so it may also be another server's.
    """
    for root in roots:
        for name, thing in ((root.name, root.value), *_inside(root)):
            state = _state(thing, address)
            if state is None:
                continue
            stopped = state == "closed"
            place = _stopped(name, root, steps, labels) if stopped else _kept(root, name, labels)
            if place is None and chosen and objects.is_a(thing, asyncio.base_events.Server):
                continue  # a closed one no longer has its port
            return ServerRecord(name=name, state=state, place=place)
    return _closed_by_fixture(address, built, labels) or _starting(steps, labels)


def kept_by_fixtures(item: Any) -> Iterator[Root]:
    """Yield the local names of live fixtures: one that yields a URL keeps its server there."""
    for definition in fixtures.definitions(item).values():
        code = user_code.fixture(definition)
        if code is None or project_files.owner(code.co_filename) != "user":
            continue
        frame = fixtures.paused_frame(definition)
        for name, value in list(frame.f_locals.items()) if frame is not None else ():
            yield Root(
                name=name,
                value=value,
                keeper="local",
                filename=code.co_filename,
                line=code.co_firstlineno,
                wide=False,
            )


def _inside(root: Root) -> Iterator[tuple[str, object]]:
    """Yield what a wrapper in user code keeps: `self.server`."""
    kept = objects.own_dict(root.value)
    if kept is None or objects.users_class(type(root.value)) is None:
        return
    for key, value in list(kept.items())[:50]:
        if type(key) is str:
            yield f"{root.name}.{key}", value


def _state(thing: object, address: Address) -> State | None:
    if objects.is_a(thing, asyncio.base_events.Server):
        sockets = peek(thing, "_sockets")
        if type(sockets) is not list:
            return "closed"
        serves = peek(thing, "_serving") is True
        return "not serving" if not serves and _at(sockets, address) else None
    if objects.is_a(thing, subprocess.Popen):
        return _process(thing, address)
    given = peek(thing, "server_address")
    if type(given) is tuple and len(given) >= 2 and given[1] == address.port:
        return "closed" if _shut(peek(thing, "socket")) else None
    return None


def _at(sockets: list[object], address: Address) -> bool:
    for one in sockets:
        if objects.is_a(one, socket.socket):
            name = socket.socket.getsockname(one)
            if name == address.path or (type(name) is tuple and name[1] == address.port):
                return True
    return False


def _process(thing: object, address: Address) -> State | None:
    args = peek(thing, "args")
    said = [one for one in args if type(one) is str] if type(args) in (list, tuple) else []  # type: ignore[attr-defined]
    wanted = address.path or str(address.port)
    if not any(one == wanted or one.endswith((f"={wanted}", f":{wanted}")) for one in said):
        return None
    return "ended" if peek(thing, "returncode") is not None else "starting"


def _shut(thing: object) -> bool:
    if not objects.is_a(thing, socket.socket):
        return False
    return socket.socket.fileno(thing) < 0


def _stopped(name: str, root: Root, steps: Sequence[Step], labels: Labels) -> Place | None:
    """Return the last line above the failing one that closed *name*, in the same function."""
    last = name.rpartition(".")[2]
    for step in steps:
        file = step.frame.f_code.co_filename
        for function in parsed_files.enclosing(file, step.line)[:1]:
            lines = [one for one in _stops(function, last) if one < step.line]
            if lines:
                return Place(labels.file(file), max(lines), function.name)
    home = parsed_files.function_at(root.filename, root.line)
    lines = list(_stops(home, last)) if home is not None else []
    return Place(labels.file(root.filename), lines[0], root.name) if lines else None


def _stops(function: ast.AST, name: str) -> Iterator[int]:
    for node in nodes_of((ast.Call, ast.With, ast.AsyncWith), function):
        match node:
            case ast.Call(func=ast.Attribute(value=owner, attr=method)) if method in STOPS:
                if ast.unparse(owner).rpartition(".")[2] == name:
                    yield node.lineno
            case ast.With(items=items) | ast.AsyncWith(items=items):
                for item in items:
                    if ast.unparse(item.context_expr).rpartition(".")[2] == name:
                        yield node.lineno


def _closed_by_fixture(
    address: Address, built: Iterable[Built], labels: Labels
) -> ServerRecord | None:
    """Return the server that a fixture closes before it returns the address of that server."""
    for file, function, value in built:
        if str(address.port) not in re.findall(r"\d+", str(value)):
            continue
        for node in own_nodes(function):
            if isinstance(node, ast.Return) and node.value is not None:
                for name, line in _ended_before(function, node):
                    made = names_in(node.value) & _made_from(function, name)
                    if made and not _only_bound(function, name):
                        place = Place(labels.file(file), line, name)
                        said = _as_written(function, name, line)
                        return ServerRecord(name=said, state="closed", place=place)
    return None


def _ended_before(function: ast.AST, end: ast.Return) -> Iterator[tuple[str, int]]:
    """Yield the names of what *function* closes before or with *end*, and the line that does it."""
    for node in own_nodes(function):
        match node:
            case ast.With(items=items) | ast.AsyncWith(items=items) if node.lineno < end.lineno:
                for item in items:
                    if isinstance(item.optional_vars, ast.Name):
                        yield item.optional_vars.id, node.lineno
            case ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr=method)):
                if method in STOPS and node.lineno < end.lineno:
                    yield name, node.lineno


def _as_written(function: ast.AST, name: str, line: int) -> str:
    """Return *name*, or the call that a `with` enters, if that gives only a number or a text."""
    parts = (node for node in own_nodes(function) if isinstance(node, ast.Attribute))
    if any(ast.unparse(node.value) == name for node in parts):
        return name
    for node in own_nodes(function):
        if isinstance(node, ast.With | ast.AsyncWith) and node.lineno == line:
            for one in (item.context_expr for item in node.items):
                if isinstance(one, ast.Call):
                    return f"{calls.last(one.func)}()"
    return name


def _only_bound(function: ast.AST, name: str) -> bool:
    """Return whether *name* is a socket that was bound to find a free port: it never listens."""
    used = {
        node.attr
        for node in own_nodes(function)
        if isinstance(node, ast.Attribute) and ast.unparse(node.value) == name
    }
    return "bind" in used and "listen" not in used


def _made_from(function: ast.AST, name: str) -> set[str]:
    """Return *name*, and the local names whose values come from it."""
    known = {name}
    for _ in range(ROUNDS):
        known |= {one for one, (value, _) in bindings.assigned(function) if names_in(value) & known}
    return known


def _kept(root: Root, name: str, labels: Labels) -> Place | None:
    home = parsed_files.function_at(root.filename, root.line)
    if home is None:
        return None
    line = parsed_files.assigned(home, name) or home.lineno
    return Place(labels.file(root.filename), line, name)


def _starting(steps: Sequence[Step], labels: Labels) -> ServerRecord | None:
    """Return the task that should serve, if the failing function starts one and continues."""
    for step in steps:
        file = step.frame.f_code.co_filename
        for function in parsed_files.enclosing(file, step.line)[:1]:
            for call in _tasks(function, step.line):
                name = calls.last(call.func)
                inner = _defined(file, name)
                if any(calls.last(one.func) in STARTS for one in calls_in(inner)):
                    place = Place(labels.file(file), call.lineno, function.name)
                    return ServerRecord(name=name or "", state="starting", place=place)
    return None


def _tasks(function: ast.AST, before: int) -> Iterator[ast.Call]:
    """Yield the coroutines that become tasks above line *before*, and that no line awaits."""
    waits = [n.lineno for n in nodes_of((ast.Await, ast.AsyncFor), function)]
    for node in calls_in(function):
        match node:
            case ast.Call(func=called, args=[ast.Call() as inner, *_]) if (
                calls.last(called) in TASKS
                and node.lineno < before
                and not any(node.lineno < line < before for line in waits)
            ):
                yield inner


def _defined(file: str, name: str | None) -> ast.AST | None:
    module = parsed_files.tree(file)
    found = [
        node
        for node in (parsed_files.statements(module) if module else ())
        if isinstance(node, ast.AsyncFunctionDef) and node.name == name
    ]
    return found[0] if len(found) == 1 else None
