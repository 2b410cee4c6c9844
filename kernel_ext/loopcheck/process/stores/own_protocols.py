"""Which protocol a server in this process speaks: by the class of what listens on the port."""

from __future__ import annotations

import asyncio
import socket
import sys
from collections.abc import Iterator
from functools import partial
from types import FunctionType, MethodType

from loopcheck.process import heap, objects

peek = objects.peek
BY_MODULE = (  # of the class that answers
    (("http.server", "aiohttp.web", "uvicorn.", "hypercorn.", "werkzeug.", "wsgiref."), "HTTP"),
    (("fakeredis.",), "Valkey"),
)


def of_port(port: int) -> str | None:
    """Return "HTTP" or "Valkey", None for anything else or if unknown. Searches the heap."""
    kinds: list[type] = [asyncio.base_events.Server]
    if (made := sys.modules.get("socketserver")) is not None:
        kinds.append(made.BaseServer)
    spoken = {kind for one in heap.instances(kinds) for kind in _speaks(one, port)}
    return spoken.pop() if len(spoken) == 1 else None


def _speaks(server: object, port: int) -> Iterator[str]:
    if objects.is_a(server, asyncio.base_events.Server):
        sockets = peek(server, "_sockets")
        if type(sockets) is list and any(_port(one) == port for one in sockets):
            factory = peek(server, "_protocol_factory")
            yield from _known([factory, *_behind(factory)])
        return
    address = peek(server, "server_address")
    if type(address) is tuple and len(address) > 1 and address[1] == port:
        yield from _known([server])


def _port(one: object) -> int | None:
    if not objects.is_a(one, socket.socket):
        return None
    name = socket.socket.getsockname(one)
    return name[1] if type(name) is tuple else None


def _behind(factory: object) -> list[object]:
    """Return the objects that a factory passes connections to."""
    if type(factory) is partial:
        return [factory.func]
    if type(factory) is MethodType:
        return [factory.__self__]
    if type(factory) is FunctionType:
        return [*objects.closed_over(factory).values()]
    return []


def _known(things: list[object]) -> Iterator[str]:
    for thing in things:
        kind = thing if objects.is_a(thing, type) else type(thing)
        modules = [objects.module_of(base) for base in objects.mro(kind)]
        if type(thing) is FunctionType:
            modules = [str(thing.__globals__.get("__name__", ""))]
        for starts, speaks in BY_MODULE:
            if any(module.startswith(starts) for module in modules):
                yield speaks
                return
