"""An address where the wrong server answered: by what it answered, and by its process.

We go by the class of an error and what it carries, and read its message only for quoted names.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from loopcheck.process import objects
from loopcheck.process.doubles import doubles
from loopcheck.process.failure import Link, Step
from loopcheck.process.stores import listeners, own_protocols, unreachable
from loopcheck.process.stores.unreachable import Address
from loopcheck.records import Somebody

peek = objects.peek
STORES = ("valkey.", "redis.")
SQLSTATES: dict[str, Somebody] = {
    "3D000": "database",
    "28000": "user",
    "28P01": "password",
}
MYSQL: dict[int, Somebody] = {1044: "user", 1045: "password", 1049: "database"}
NOT_TLS = frozenset(  # OpenSSL's reasons that mean: the answer is not TLS
    {"WRONG_VERSION_NUMBER", "RECORD_LAYER_FAILURE", "UNKNOWN_PROTOCOL", "HTTP_REQUEST"}
)
HEARD = (  # the first bytes of an answer
    (rb"HTTP/|<html|<!DOCTYPE", "an HTTP server"),
    (rb"[-+$:*](ERR|OK|PONG|NOAUTH|WRONG|\d)|-[A-Z]+ ", "a Valkey or Redis server"),
    (rb"SSH-", "an SSH server"),
    (rb"[\x15\x16]\x03", "a server that speaks TLS"),
    (rb"220[ -]", "a mail or FTP server"),
)
PROCESSES = {  # servers that the name of their process identifies, and what they speak
    **dict.fromkeys(("valkey-server", "redis-server", "keydb-server"), "Valkey"),
    **dict.fromkeys(("postgres", "postmaster"), "PostgreSQL"),
    **dict.fromkeys(("mysqld", "mariadbd"), "MySQL"),
    **dict.fromkeys(("mongod", "mongos"), "MongoDB"),
    **dict.fromkeys(("nginx", "httpd", "apache2", "caddy"), "HTTP"),
}
BROKEN = (  # how a conversation with the wrong server ends
    *("TimeoutError", "ConnectionError", "ProtocolError", "DisconnectedError", "ResetError"),
    *("DoesNotExistError", "ReadError", "ReadTimeout", "ConnectTimeout", "OSError", "EndOfStream"),
    *("InterfaceError", "CancelledError", "ConnectError"),
)
SYNC_DRIVERS = frozenset({"psycopg2", "MySQLdb", "pymysql", "pg8000"})
LOCAL = ("localhost", "127.0.0.1", "::1", "0.0.0.0")


class Fault(NamedTuple):
    """Another server answered: how that shows, and where."""

    met: Somebody
    address: Address | None
    link: Link
    asked: str | None = None  # name of the database or user; the scheme; the number
    heard: str | None = None  # the server that answered, or its protocol
    secret: object = None  # the password that was sent: compared with texts, never kept
    sure: bool = True


def read(links: Sequence[Link], wanted: Callable[[Link], str | None]) -> Fault | None:
    """Return the first of *links* that reached another server than it *wanted*."""
    for link in filter(_heard_from_outside, links):
        for look in (_postgres, _psycopg, _mysql, _store, _tls, _not_http, _scheme):
            if (found := look(link)) is not None:
                return found
    for link in links:
        if (found := _known_process(link, wanted(link))) is not None:
            return found
    return None


def _heard_from_outside(link: Link) -> bool:
    """Return whether a client raised it: a mock, or a fake of the test's, contacts no server."""
    last = link.trace[-1] if link.trace else None
    return last is None or (last.owner != "user" and not doubles.is_mocks_code(last.frame.f_code))


def _names(error: BaseException) -> set[str]:
    return {f"{objects.module_of(base)}.{base.__name__}" for base in objects.mro(type(error))}


def _quoted(error: BaseException) -> str | None:
    """Return the name that a server quotes. Messages are translated, names are not."""
    found = re.search(r"[\"'«„“]([\w.$-]{1,63})[\"'»“”]", objects.said(error))
    return found[1] if found else None


def _address(link: Link) -> Address | None:
    return unreachable.of_frames(link)


# Databases


def _postgres(link: Link) -> Fault | None:
    kind = type(link.error)
    if not objects.module_of(kind).startswith(("asyncpg.", "psycopg.")):
        return None
    states = [objects.class_dict(base).get("sqlstate") for base in objects.mro(kind)]
    state = next((one for one in states if type(one) is str), None)
    met = SQLSTATES.get(state or "")
    if met is None:
        return None
    if state == "28000" and "encryption" in objects.said(link.error):
        return Fault("tls", _address(link), link, heard="a server that wants TLS")
    given = next((one for one in map(_parameters, link.trace) if one is not None), None)
    asked = given.get("database" if met == "database" else "user") if given else None
    secret = given.get("password") if given else None
    bare = met == "password" and given is not None and secret is None
    return Fault(
        met,
        _address(link),
        link,
        asked=asked if type(asked) is str else _quoted(link.error),
        heard="none" if bare else None,
        secret=secret,
    )


def _parameters(step: Step) -> dict[str, object] | None:
    """Return asyncpg's connection parameters by name; never shown as a whole."""
    given = step.frame.f_locals.get("params")
    if type(given).__name__ != "_ConnectionParameters" or not isinstance(given, tuple):
        return None
    fields = objects.class_dict(type(given)).get("_fields")
    return dict(zip(fields, given, strict=False)) if isinstance(fields, tuple) else None


def _psycopg(link: Link) -> Fault | None:
    """psycopg has no state for a failed connect: only the server's message."""
    names = _names(link.error)
    if not names & {"psycopg.OperationalError", "psycopg2.OperationalError"}:
        return None
    said = objects.said(link.error)
    ways: tuple[tuple[str, Somebody], ...] = (
        (r'database "[^"]+" does not exist', "database"),
        (r'role "[^"]+" does not exist', "user"),
        (r"password authentication failed|no password supplied", "password"),
    )
    for words, met in ways:
        if (found := re.search(words, said)) is not None:
            name = re.search(r'"([^"]+)"', said[found.start() :])
            asked = name[1] if name else None
            return Fault(met, _address(link), link, asked=asked, sure=False)
    return None


def _mysql(link: Link) -> Fault | None:
    if not objects.module_of(type(link.error)).startswith(("pymysql.", "asyncmy.", "aiomysql.")):
        return None
    args = objects.args_of(link.error)
    met = MYSQL.get(args[0]) if args and type(args[0]) is int else None
    said = args[1] if len(args) > 1 and type(args[1]) is str else ""
    name = re.search(r"'([\w.$-]{1,64})'", said)
    return Fault(met, _address(link), link, asked=name[1] if name else None) if met else None


# Valkey and Redis


def _store(link: Link) -> Fault | None:
    root = objects.module_of(type(link.error))
    if not root.startswith(STORES):
        return None
    names = {name.rpartition(".")[2] for name in _names(link.error)}
    connection = _connection(link)
    if "AuthenticationError" in names:
        secret = _given(connection, "password")
        user = _given(connection, "username")
        unasked = "unasked" if "without any" in objects.said(link.error) else None
        heard = unasked if secret else "none"
        asked = user if type(user) is str else None
        return Fault("password", _address(link), link, asked=asked, heard=heard, secret=secret)
    if "ReadOnlyError" in names:
        return Fault("replica", _address(link), link)
    if "NoPermissionError" in names:
        user = _given(connection, "username")
        asked = user if type(user) is str else "default"
        return Fault("user", _address(link), link, asked=asked, heard="no right", sure=False)
    number = peek(connection, "db")
    if "ResponseError" in names and type(number) is int and number > 15 and _selecting(link):
        return Fault("db number", _address(link), link, asked=str(number))
    if "InvalidResponse" in names:
        heard = _heard(objects.said(link.error))
        return Fault("protocol", _address(link), link, heard=heard) if heard else None
    return None


def _connection(link: Link) -> object | None:
    for step in reversed(link.trace):
        own = step.frame.f_locals.get("self")
        if peek(own, "host") is not None or peek(own, "path") is not None:
            return own
    return None


def _given(connection: object, name: str) -> object | None:
    found = peek(connection, name)
    if found is None:
        provider = peek(connection, "credential_provider")
        found = peek(provider, name)
    return found


def _selecting(link: Link) -> bool:
    return any(step.frame.f_code.co_name.startswith("on_connect") for step in link.trace)


def _heard(said: str) -> str | None:
    """Return what speaks like that, from the bytes that an error quotes."""
    found = re.search(r"b(?:'.*'|\".*\")|'.*'|\".*\"", said, re.DOTALL)
    try:
        value = ast.literal_eval(found[0]) if found else None
    except (ValueError, SyntaxError):
        return None
    raw = value.encode("utf-8", "replace") if isinstance(value, str) else value
    if not isinstance(raw, bytes):
        return None
    return next((who for begins, who in HEARD if re.match(begins, raw)), None)


# TLS, and answers that are not HTTP


def _tls(link: Link) -> Fault | None:
    names = _names(link.error)
    if "ssl.SSLError" in names:
        reason = peek(link.error, "reason")
        if type(reason) is str and reason in NOT_TLS:
            return Fault("tls", _address(link), link, heard="a server without TLS")
    last = link.trace[-1] if link.trace else None
    asyncpgs = last is not None and last.module == "asyncpg.connect_utils"
    if asyncpgs and type(link.error) is ConnectionError and "SSL" in objects.said(link.error):
        return Fault("tls", _address(link), link, heard="a server without TLS")
    return None


def _not_http(link: Link) -> Fault | None:
    module, name = objects.module_of(type(link.error)), type(link.error).__name__
    parts = module.startswith(("h11.", "aiohttp.http_exceptions", "http.client"))
    if not parts or name not in ("RemoteProtocolError", "BadStatusLine", "BadHttpMessage"):
        return None
    said = objects.said(link.error) or str(peek(link.error, "line") or peek(link.error, "message"))
    if module == "http.client":
        said = repr(said)
    heard = _heard(said)
    if heard is None or heard == "an HTTP server":
        return None
    return Fault("protocol", _address(link), link, heard=heard)


# URLs that no driver accepts


def _scheme(link: Link) -> Fault | None:
    if not link.trace:
        return None
    last, names = link.trace[-1], _names(link.error)
    function = last.frame.f_code.co_name
    if "asyncpg.exceptions._base.ClientConfigurationError" in names and function.startswith(
        "_parse_connect"
    ):
        url = _url(link)
        return (
            _wrong_scheme(url, link)
            if (url and not url.startswith("postgres")) or (url and "+" in url.partition(":")[0])
            else None
        )
    if last.module.startswith(STORES) and function == "parse_url":
        return _wrong_scheme(_url(link), link)
    if "sqlalchemy.exc.NoSuchModuleError" in names and "dialects" in objects.said(link.error):
        return _wrong_scheme(_url(link), link)
    asynchronous = any(s.module == "sqlalchemy.ext.asyncio.engine" for s in link.trace)
    if not asynchronous:
        return None
    if "sqlalchemy.exc.InvalidRequestError" in names and last.module.startswith(
        "sqlalchemy.ext.asyncio."
    ):
        known = any(s.frame.f_code.co_name == "create_async_engine" for s in link.trace)
        return _wrong_scheme(_url(link), link) if known else None
    if objects.is_a(link.error, ModuleNotFoundError) and function == "import_dbapi":
        url = _url(link) or ""
        missing = peek(link.error, "name") or getattr(link.error, "name", None)
        bare = "+" not in url.partition(":")[0]
        return _wrong_scheme(url, link) if bare or missing in SYNC_DRIVERS else None
    return None


def _url(link: Link) -> str | None:
    for step in link.trace:
        for name in ("url", "dsn", "u"):
            given = step.frame.f_locals.get(name)
            if step.owner == "library" and type(given) is str:
                return given
            if type(given).__name__ == "URL" and type(given).__module__.startswith("sqlalchemy."):
                return f"{given[0]}://"  # type: ignore[index]
    return None


def _wrong_scheme(url: str | None, link: Link) -> Fault | None:
    if not url:
        return None
    scheme = url.partition("://")[0] if "://" in url else ""
    return Fault("scheme", Address(path=url), link, asked=scheme)


# The process, if the message does not identify the server


def _known_process(link: Link, wanted: str | None) -> Fault | None:
    """Return the process on the port, if it is a server that does not speak what was wanted."""
    if wanted is None or not type(link.error).__name__.endswith(BROKEN):
        return None
    address = _address(link)
    if address is None or address.port is None or address.host not in LOCAL:
        return None
    if _never_connected(link):
        return None
    who, kind = _who_listens(address.port)
    if kind is None:
        return None
    if kind != wanted:
        return Fault("protocol", address, link, heard=who)
    if kind == "Valkey" and any("SSL" in type(own).__name__ for own in _selves(link)):
        handshake = {step.frame.f_code.co_name for step in link.trace[-2:]}
        if "_create_connection_transport" in handshake or "do_handshake" in handshake:
            return Fault("tls", address, link, heard="a server without TLS", sure=False)
    return None


def _who_listens(port: int) -> tuple[str | None, str | None]:
    """Return the name of the listening process, and what it speaks; nothing if unknown."""
    there = set(listeners.read(port))
    if there and all(one.ours for one in there):
        kind = own_protocols.of_port(port)
        return ("an HTTP server" if kind == "HTTP" else f"a {kind} server"), kind
    names = {one.process for one in there}
    name = names.pop() if len(names) == 1 else None
    return name, PROCESSES.get(name or "")


def _never_connected(link: Link) -> bool:
    return any(step.frame.f_code.co_name in unreachable.TRIED for step in link.trace[-3:])


def _selves(link: Link) -> Iterator[object]:
    for step in link.trace:
        if (own := step.frame.f_locals.get("self")) is not None:
            yield own
