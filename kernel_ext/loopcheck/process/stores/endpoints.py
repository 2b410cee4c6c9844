"""The address that a failing line used: whose client, what sets it, and what listens there."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from loopcheck.labels import Labels, plain
from loopcheck.process import object_makers, object_names, objects, parameters
from loopcheck.process.errors import expected_errors, handed_on_errors
from loopcheck.process.failure import Link, Step
from loopcheck.process.stores import addresses, listeners, own_servers, unreachable, wrong_servers
from loopcheck.process.stores.unreachable import Address
from loopcheck.process.stores.wrong_servers import LOCAL
from loopcheck.records import EndpointRecord, Nobody, Place, Somebody
from loopcheck.runner import fixtures
from loopcheck.source import bindings, calls, nearness, parsed_files
from loopcheck.source.nodes import spans_line
from loopcheck.source.values import handed_parameters

USER_FRAMES = 8
KINDS = (  # what a client is for, its usual port, and the names of its servers
    (("valkey.", "redis.", "coredis.", "aioredis."), "Valkey", 6379),
    (("asyncpg.", "psycopg.", "psycopg_pool.", "psycopg2.", "pg8000."), "PostgreSQL", 5432),
    (("httpx.", "aiohttp.", "requests.", "urllib3.", "urllib.", "http."), "HTTP", 80),
    (("aiomysql.", "asyncmy.", "pymysql."), "MySQL", 3306),
    (("motor.", "pymongo."), "MongoDB", 27017),
    (("aio_pika.", "aiormq.", "pika."), "RabbitMQ", 5672),
    (("websockets.",), "WebSocket", 80),
    (("nats.",), "NATS", 4222),
)
PARTS: dict[str, tuple[str, ...]] = {  # words in the names of variables for that part
    "database": ("db", "database", "name"),
    "user": ("user", "role", "name"),
    "password": ("pass", "pw", "secret", "auth", "token"),
    "db number": ("db", "database", "index"),
}
ADDRESSED = ("url", "dsn", "address", "port", "host")  # parameters that are one, or a part of one
SERVERS = {
    "Valkey": ("valkey-server", "redis-server"),
    "PostgreSQL": ("postgres",),
    "MySQL": ("mysqld", "mariadbd"),
    "MongoDB": ("mongod",),
}


class Asked(NamedTuple):
    """What a failure shows about an address, before we search for the line that sets it."""

    met: Nobody | Somebody
    address: Address | None
    link: Link
    outer: Link  # the same, or the error raised from it: its frames lead from user code
    asked: str | None = None
    heard: str | None = None
    secret: object = None
    sure: bool = True


def read(links: Sequence[Link], item: Any, labels: Labels) -> EndpointRecord | None:
    """Return what answered at the address of the failure, None if the failure is about none."""
    passed = list(handed_on_errors.causes(links))
    fault = unreachable.read(passed)
    if fault is not None:
        outer = _of_user(fault.link, passed)
        seen = Asked(fault.met, fault.address, fault.link, outer, sure=fault.sure)
        return _record(seen, item, labels)
    other = wrong_servers.read(passed, lambda link: _kind(link.trace)[0])
    if other is None:
        return None
    outer = _of_user(other.link, passed)
    return _record(
        Asked(
            other.met,
            other.address,
            other.link,
            outer,
            other.asked,
            other.heard,
            other.secret,
            sure=other.sure,
        ),
        item,
        labels,
    )


def _of_user(link: Link, passed: Sequence[Link]) -> Link:
    """Return *link*, or the error raised from it whose frames lead from user code.

    anyio connects in tasks of its own, whose frames begin there.
    """
    before = passed[: [*passed].index(link)]
    ways = (link, *reversed(before))
    return next((one for one in ways if any(s.owner == "user" for s in one.trace)), link)


def _record(seen: Asked, item: Any, labels: Labels) -> EndpointRecord | None:
    steps = [step for step in reversed(seen.outer.trace) if step.owner == "user"][:USER_FRAMES]
    if not steps:
        return None
    # The frames of a group lead to the code that ran the tasks, those of its errors to the connect.
    grouped = objects.is_a(seen.outer.error, BaseExceptionGroup)
    inner = unreachable.failure_frames(seen.link if grouped else seen.outer)
    wanted, usual = _kind(inner)
    roots = [*(fixtures.roots(item) if item is not None else ()), *roots_of(steps)]
    way = object_names.find(roots, clients(inner))
    call = _call(steps[0]) if not grouped else None
    made_at = object_makers.made_at(way, labels)
    around = nearness.with_maker(nearness.read(steps, item), made_at, labels)
    said = _said(seen, around, labels)
    code = steps[0].frame.f_code
    used_at = Place(labels.file(code.co_filename), steps[0].line, code.co_name)
    address = seen.address or Address()
    usual = usual if address.host in LOCAL else None  # clients default to no other host
    default = said is None and address.port is not None and address.port == usual
    nobody = seen.met in ("refused", "no socket", "no answer")
    if said is None and not nobody and made_at is not None:
        handed = handed_parameters.to_maker(made_at, ADDRESSED, labels)
        said = addresses.Said(handed, "part") if handed is not None else None
    held = [*roots, *(own_servers.kept_by_fixtures(item) if item is not None else ())]
    server = (
        own_servers.read(address, held, around.built, steps, said is not None, labels)
        if nobody
        else None
    )
    listening = listeners.read() if nobody else ()
    return EndpointRecord(
        met=seen.met,
        name=way.name if way is not None else call or wanted or "the connection",
        type=objects.type_name(way.things[0]) if way is not None else wanted or "address",
        address=_written(seen, said, default),
        wanted=wanted,
        asked=seen.asked,
        heard=seen.heard,
        set_at=said.place if said is not None else None,
        set_by=said.by if said is not None else "default" if default else "call",
        says_user=said is not None and said.user,
        variable=said.variable if said is not None else None,
        made_at=made_at,
        used_at=used_at,
        server=server,
        listening=_of_kind(listening, wanted),
        late=next((_who(one) for one in listening if one.port == address.port), None),
        expected=expected_errors.is_another_expected(steps),
        sure=seen.sure,
    )


def _said(seen: Asked, around: nearness.Near, labels: Labels) -> addresses.Said | None:
    """Return the line that sets the wrong part, else the one that sets the address."""
    if seen.met == "password" and type(seen.secret) is str and seen.secret:
        found = addresses.part(seen.secret, PARTS["password"], around, labels)
        if found is not None:
            return found
    words = PARTS.get("user" if seen.met == "password" else seen.met)
    if words is not None and seen.asked and seen.heard != "none":
        found = addresses.part(seen.asked, words, around, labels)
        if found is not None:
            return found._replace(user=seen.met == "password")
    said = addresses.read(seen.address, around, labels) if seen.address is not None else None
    left_out = seen.heard == "none" and said is not None and said.by == "variable"
    return None if left_out else said  # the missing part was lost on the way from that line


def _written(seen: Asked, said: addresses.Said | None, default: bool) -> str:
    if seen.address is None or seen.met == "scheme":
        return ""
    return plain(addresses.written(seen.address, said, default))


def roots_of(steps: Sequence[Step]) -> Iterator[object_names.Root]:
    """Yield the values of the names in *steps*, as places to search from."""
    for step in steps:
        yield from object_names.roots_of(step.frame, step.line)


def clients(inner: Sequence[Step]) -> list[object]:
    """Return the library objects whose methods ran, outermost first."""
    found: dict[int, object] = {}
    for step in inner:
        code = step.frame.f_code
        if parameters.first(code) == "self":
            thing = step.frame.f_locals.get("self")
            if thing is not None and not objects.is_loop(thing):
                found.setdefault(id(thing), thing)
    return list(found.values())


def _kind(inner: Sequence[Step]) -> tuple[str | None, int | None]:
    """Return what the client is for, and its usual port."""
    modules = [step.module for step in inner]
    for starts, kind, port in KINDS:
        if any(module.startswith(starts) for module in modules):
            return kind, port
    return None, None


def _call(step: Step) -> str | None:
    """Return what the failing line calls, as the code writes it: `asyncpg.connect`."""
    here = parsed_files.nodes_at(step.frame.f_code.co_filename, step.line)
    found = [node for node in here if isinstance(node, ast.Call) and _in_span(node, step)]
    found.sort(key=lambda node: (node.end_lineno or 0, node.end_col_offset or 0), reverse=True)
    inner = [one for one in found if calls.last(one.func) not in bindings.WRAPS]
    return dotted(inner[0].func)[:60] if inner else None


def dotted(function: ast.expr) -> str:
    """Return the called name as the code writes it, without arguments: one may be a password."""
    if isinstance(function, ast.Attribute):
        return f"{dotted(function.value)}.{function.attr}"
    if isinstance(function, ast.Call):
        return f"{dotted(function.func)}(…)"
    return function.id if isinstance(function, ast.Name) else "(…)"


def _in_span(node: ast.Call, step: Step) -> bool:
    if step.span is not None and step.span[0] == step.line:
        line, start, stop = step.span
        begins = (node.lineno, node.col_offset) >= (line, start)
        return begins and (node.end_lineno, node.end_col_offset or 0) <= (line, stop)
    return spans_line(node, step.line)


def _of_kind(listening: Sequence[listeners.Listener], wanted: str | None) -> tuple[str, ...]:
    """Return where servers of that kind listen, at ports that a person chose."""
    known = SERVERS.get(wanted or "", ())
    found = [
        f"{one.process} on port {one.port}"
        for one in listening
        if one.process in known and one.port < addresses.SHOWN_BELOW
    ]
    return tuple(dict.fromkeys(found))[:3]


def _who(one: listeners.Listener) -> str:
    return "this very process" if one.ours else one.process or "another process"
