"""The client that returns bytes where the failing line expects text, or the other way round.

A valkey or redis client returns bytes, unless its settings ask for decoding.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator, Sequence
from types import FunctionType
from typing import Any

from loopcheck.labels import Labels, plain
from loopcheck.process import failure, object_names, objects
from loopcheck.process.failure import Link, Step
from loopcheck.process.stores import bytes_and_text, returned_comparisons
from loopcheck.records import Place, Subject, Undecoded
from loopcheck.runner import fixtures
from loopcheck.source import parsed_files, project_files
from loopcheck.source.modules import Space, only_call, spaces
from loopcheck.source.values import meaning, value_origins

CLIENTS = (
    ("valkey.client", "Valkey"),
    ("valkey.asyncio.client", "Valkey"),
    ("valkey.cluster", "ValkeyCluster"),
    ("valkey.asyncio.cluster", "ValkeyCluster"),
    ("redis.client", "Redis"),
    ("redis.asyncio.client", "Redis"),
    ("redis.cluster", "RedisCluster"),
    ("redis.asyncio.cluster", "RedisCluster"),
)
ASKS = "decode_responses"
SHORT = 40  # most characters of a value to show
HOPS = 3  # functions that pass a client on


def read(
    links: Sequence[Link], item: Any, labels: Labels, latest: returned_comparisons.Latest
) -> Undecoded | None:
    """Return the client that returns bytes where the line expects text, or the reverse."""
    kinds = _kinds()
    for link in links if kinds else ():
        users = link.users
        mixed = bytes_and_text.read(link, users[0]) if users else ()
        if users and not mixed and link.trace[-1] is users[0]:
            mixed = tuple(filter(None, (returned_comparisons.read(users[0], latest),)))
        if mixed:
            found = (_read(one, users, kinds, item, labels) for one in mixed)
            return next((one for one in found if one is not None), None)
        if not failure.passed_on(link):
            return None
    return None


def _kinds() -> tuple[type, ...]:
    """Return the loaded client classes: others can have no clients."""
    found = []
    for module, name in CLIENTS:
        kind = vars(sys.modules[module]).get(name) if module in sys.modules else None
        if isinstance(kind, type):
            found.append(kind)
    return tuple(found)


def _read(
    mixed: bytes_and_text.Mixed,
    users: Sequence[Step],
    kinds: Sequence[type],
    item: Any,
    labels: Labels,
) -> Undecoded | None:
    client = _client(mixed, users, kinds) if mixed.by is None else mixed.by
    if client is None:
        return None
    roots = list(fixtures.roots(item)) if item is not None else []
    for step in users:
        roots += object_names.roots_of(step.frame, step.line)
    client = _giver(client, roots, kinds)
    files = {step.frame.f_code.co_filename for step in users}
    way = object_names.find(roots, [client]) or object_names.find(
        object_names.other_globals(files), [client]
    )
    made = (
        (_handed(way, client, roots, labels) or object_names.made_at(way, labels)) if way else None
    )
    made = made or (object_names.kept_at(way, labels) if way else None)
    made = _constructor(made, labels) if made else None
    if made is not None and way is not None and _only_keeps(made, way, labels):
        made = _only_maker(client, labels)
    calls = list(_calls(made, labels)) if made is not None and mixed.gave == "bytes" else []
    kind = objects.type_name(client)
    name = way.name if way is not None else kind.rpartition(".")[2].lower()
    code = users[0].frame.f_code
    place = mixed.place or (code.co_filename, mixed.line or users[0].line, code.co_name)
    return Undecoded(
        client=Subject(name=name, type=kind, path=way.path if way is not None else None),
        answers=mixed.gave,
        place=Place(labels.file(place[0]), *place[1:]),
        how=mixed.how,
        answer=_shown(mixed.answer),
        wanted=_shown(mixed.wanted),
        proved=mixed.proved,
        made_at=made,
        ignored=any(_asks(call) for call in calls),
        pooled=any(_is_given_a_pool(call) for call in calls),
    )


def _shown(value: object) -> str | None:
    if type(value) not in (str, bytes, int, float):
        return None
    said = plain(repr(value))
    return said if len(said) <= SHORT else None


# The client


def _client(
    mixed: bytes_and_text.Mixed, users: Sequence[Step], kinds: Sequence[type]
) -> object | None:
    """Return the client that the values came from, by the calls on the lines."""
    decodes = mixed.gave == "text"

    def ends(thing: object) -> bool:
        return _of_store(thing, kinds) and decoding(thing) is decodes

    for origin in value_origins.of(users[0], mixed.nodes, users[1:]):
        found = value_origins.leads(origin, ends)
        if found is not None:
            return found
    return None


def _of_store(thing: object, kinds: Sequence[type]) -> bool:
    """Return whether *thing* is a client, or comes from one: a pipeline, a subscription."""
    if any(base is kind for base in objects.mro(type(thing)) for kind in kinds):
        return True
    library = objects.module_of(type(thing)).partition(".")[0] in ("valkey", "redis", "fakeredis")
    return library and objects.peek(thing, "connection_pool") is not None


def _giver(thing: object, roots: Sequence[object_names.Root], kinds: Sequence[type]) -> object:
    """Return the client that *thing* comes from: both have one pool."""
    pool = objects.peek(thing, "connection_pool")
    if pool is None or objects.type_name(thing).endswith(("Valkey", "Redis")):
        return thing

    def same(one: object) -> bool:
        known = any(base is kind for base in objects.mro(type(one)) for kind in kinds)
        named = objects.type_name(one).endswith(("Valkey", "Redis"))
        return known and named and objects.peek(one, "connection_pool") is pool

    found = (value_origins.leads(root.value, same) for root in roots)
    return next((one for one in found if one is not None), thing)


def decoding(client: object) -> bool | None:
    """Return whether *client* decodes answers, None if that is unknown."""
    pool = objects.peek(client, "connection_pool")
    for owner in (pool, client):
        for name in ("connection_kwargs", "_connection_kwargs"):  # redis 8 has a property before it
            given = objects.peek(owner, name) if owner is not None else None
            if type(given) is dict:
                return bool(given.get("decode_responses", False))
    encoder = objects.peek(client, "encoder")
    found = objects.peek(encoder, "decode_responses") if encoder is not None else None
    return found if type(found) is bool else None


def _handed(
    way: object_names.Way, client: object, roots: Sequence[object_names.Root], labels: Labels
) -> Place | None:
    """Return the line that creates the client, if a fixture passes it to its keeper."""
    if way.holder is None or way.root.keeper != "fixture":
        return None
    block = parsed_files.function_at(way.root.filename, way.root.line)
    if block is None:
        return None
    given = parsed_files.given(block)
    for root in roots:
        if root.keeper == "fixture" and root.name in given and root.value is client:
            function = parsed_files.function_at(root.filename, root.line)
            line = parsed_files.made_in(function) if function is not None else None
            return Place(labels.file(root.filename), line, root.name) if line else None
    lines = (parsed_files.assigned(block, name) for name in given)
    made = [line for line in lines if line is not None]
    return Place(labels.file(way.root.filename), made[0], way.root.name) if len(made) == 1 else None


def _constructor(made: Place, labels: Labels) -> Place:
    """Return the line that creates the client, through user functions that return it."""
    held = {labels.file(one.file): one for one in spaces() if one.file is not None}
    for _ in range(HOPS):
        space = held.get(made.file)
        file = space.file if space is not None else None
        further = None
        for node in parsed_files.nodes_at(file, made.line) if file else ():
            if isinstance(node, ast.Call):
                function = _users_function(node.func, space.held if space else {})
                further = further or (_made_in(function, labels) if function else None)
        if further is None:
            return made
        made = further
    return made


def _only_keeps(made: Place, way: object_names.Way, labels: Labels) -> bool:
    """Return whether the line *made* only stores an argument: `self.store = store`."""
    return way.holder is not None and not any(_calls(made, labels))


def _only_maker(client: object, labels: Labels) -> Place | None:
    """Return the only line in user modules that creates a client of the class of *client*."""
    kind = type(client)
    library = objects.module_of(kind).partition(".")[0]

    def fits(space: Space, call: ast.Call) -> bool:
        named = isinstance(call.func, ast.Attribute) and call.func.attr in ("from_url", "from_pool")
        return named or meaning.of(call.func, space.held) is kind

    return only_call(spaces(), library, fits, labels)


def _users_function(node: ast.expr, held: dict[str, object]) -> FunctionType | None:
    found = meaning.of(node, held)
    if type(found) is FunctionType and project_files.owner(found.__code__.co_filename) == "user":
        return found
    return None


def _made_in(function: FunctionType, labels: Labels) -> Place | None:
    code = function.__code__
    block = parsed_files.function_of(code)
    line = parsed_files.made_in(block) if block is not None else None
    return Place(labels.file(code.co_filename), line, code.co_name) if line else None


def _calls(made: Place, labels: Labels) -> Iterator[ast.Call]:
    """Yield each call on the line *made*."""
    for file in [one.file for one in spaces() if one.file and labels.file(one.file) == made.file]:
        for node in parsed_files.nodes_at(file, made.line):
            if isinstance(node, ast.Call):
                yield node


def _asks(call: ast.Call) -> bool:
    """Return whether *call* asks for decoding: together with a pool that has no effect."""
    return any(one.arg == ASKS and ast.unparse(one.value) == "True" for one in call.keywords)


def _is_given_a_pool(call: ast.Call) -> bool:
    named = isinstance(call.func, ast.Attribute) and call.func.attr == "from_pool"
    return named or any(
        one.arg == "connection_pool" and ast.unparse(one.value) != "None" for one in call.keywords
    )
