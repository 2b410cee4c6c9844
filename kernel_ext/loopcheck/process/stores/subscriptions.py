"""What a waiting Valkey or Redis client is subscribed to, and on which server."""

from __future__ import annotations

from collections.abc import Iterable
from types import FrameType
from typing import NamedTuple

from loopcheck.process import objects

Where = tuple[object, ...]  # which store
MODULES = frozenset(
    {"redis.client", "redis.asyncio.client", "valkey.client", "valkey.asyncio.client"}
)


class Subscription(NamedTuple):
    """A `PubSub` that waits for messages."""

    server: Where  # its databases share all channels
    channels: tuple[str, ...]


def store_of(client: object) -> Where | None:
    """Return which server and database *client*, a pipeline or a `PubSub` uses."""
    given = _connection_options(objects.peek(client, "connection_pool"))
    if given is None:
        return None
    fake = given.get("server")
    if fake is not None:
        return ("fake", id(fake), given.get("db") or 0)
    return ("store", *(given.get(k) for k in ("host", "port", "path")), given.get("db") or 0)


def fake_server_of(pool: object) -> object:
    """Return the fake server that the connections of *pool* use, None if it is a real one."""
    given = _connection_options(pool)
    return given.get("server") if given is not None else None


def _connection_options(pool: object) -> dict[str, object] | None:
    given = objects.peek(pool, "connection_kwargs") or objects.peek(pool, "_connection_kwargs")
    return given if type(given) is dict else None  # the second name is redis 8's


def read_subscription(frames: Iterable[FrameType]) -> Subscription | None:
    """Return what the innermost `PubSub` method among *frames*, outermost first, waits for.

    A pattern may match any channel: with one, what it waits for is unknown.
    """
    found = None
    for frame in frames:
        if not frame.f_code.co_qualname.startswith("PubSub."):
            continue
        own = frame.f_locals.get("self")
        kinds = {(objects.module_of(one), one.__name__) for one in objects.mro(type(own))}
        if any((module, "PubSub") in kinds for module in MODULES):
            found = own
    channels = objects.peek(found, "channels")
    store = store_of(found)
    if store is None or type(channels) is not dict or objects.peek(found, "patterns"):
        return None
    names = [channel_name(one) for one in list(channels)]
    return Subscription(store[:-1], tuple(one for one in names if one is not None))


def channel_name(given: object) -> str | None:
    """Return the name of a channel, None if a user's object stands for it."""
    if type(given) is bytes:
        return given.decode("utf-8", "replace")
    return given if type(given) is str else None
