"""An address where nothing answered, from the frames that tried to connect."""

from __future__ import annotations

import ast
import errno
import socket
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from loopcheck.process import objects
from loopcheck.process.failure import Link, Step
from loopcheck.records import Nobody
from loopcheck.source import parsed_files
from loopcheck.source.values import meaning

peek = objects.peek
REFUSED = frozenset({errno.ECONNREFUSED})
NO_ROUTE = frozenset({errno.EHOSTUNREACH, errno.ENETUNREACH, errno.EHOSTDOWN, errno.ENETDOWN})
CONNECTING = frozenset(  # functions of asyncio, sockets and clients that connect
    {
        *("sock_connect", "_sock_connect", "_sock_connect_cb", "_connect_sock", "connect_tcp"),
        *("create_connection", "create_unix_connection", "open_connection", "getaddrinfo"),
        *("open_unix_connection", "_connect", "connect", "_open_connection", "_ensure_resolved"),
        *("start_connection", "resolve", "_create_connection", "connect_unix_socket", "_new_conn"),
        *("_resolve_host", "_create_socket", "create_socket", "_tcp_connect", "connect_socket"),
    }
)
TRIED = frozenset({"sock_connect", "start_connection", "_connect_sock"})


class Address(NamedTuple):
    """A connection's target: a host and port, or a socket's file."""

    host: str | None = None
    port: int | None = None
    path: str | None = None


class Fault(NamedTuple):
    """Nothing answered: how that shows, and where."""

    met: Nobody
    address: Address
    link: Link
    sure: bool = True


def read(links: Sequence[Link]) -> Fault | None:
    """Return the first of *links* that could not reach its address, with that address."""
    for link in links:
        met = _met(link)
        if met is not None and (address := of_frames(link)) is not None:
            if met == "no socket" and address.path is None:
                continue  # a file of the test's own is missing
            return Fault(met, address, link, sure=met != "no answer")
    return None


def _met(link: Link) -> Nobody | None:
    error, inner = link.error, failure_frames(link)
    connecting = any(step.frame.f_code.co_name in CONNECTING for step in inner)
    if objects.is_a(error, socket.gaierror):
        return "no name"
    if objects.is_a(error, OSError) and not objects.is_a(error, TimeoutError):
        return _by_number(error, inner, connecting)
    waited = objects.is_a(error, TimeoutError) or type(error).__name__ == "CancelledError"
    tried = any(s.module.startswith(("asyncio.", "aiohappyeyeballs")) for s in inner[-2:])
    last = {step.frame.f_code.co_name for step in inner[-3:]}
    return "no answer" if waited and tried and last & TRIED else None


def _by_number(error: OSError, inner: Sequence[Step], connecting: bool) -> Nobody | None:
    number = OSError.__dict__["errno"].__get__(error)
    if number in REFUSED or objects.is_a(error, ConnectionRefusedError):
        return "refused" if connecting or _users_own(inner) else None
    if not connecting:
        return None
    if number in NO_ROUTE:
        return "no route"
    if number == errno.ENOENT:
        return "no socket"
    said = objects.said(error)
    all_refused = said.startswith("Multiple exceptions: ") and "Connect call failed" in said
    return "refused" if all_refused else None


def _users_own(inner: Sequence[Step]) -> bool:
    """Return whether the user's own line connected a socket."""
    return not inner


def failure_frames(link: Link) -> Sequence[Step]:
    """Return the library frames below the innermost frame of user code."""
    users = [number for number, step in enumerate(link.trace) if step.owner == "user"]
    return link.trace[users[-1] + 1 :] if users else link.trace


def of_frames(link: Link) -> Address | None:
    """Return the address from the outermost frame with one: the host as the code passed it."""
    inner = failure_frames(link)
    found = [one for step in inner for one in _addresses(step)]
    named = [one for one in found if one.path or not _numeric(one.host)]
    address = next(iter(named or found), None)
    return address or (_users_address(link) if not inner else None)


def _addresses(step: Step) -> Iterator[Address]:
    kept = step.frame.f_locals
    name = step.frame.f_code.co_name
    if name in ("open_unix_connection", "create_unix_connection", "connect_unix_socket"):
        if type(path := kept.get("path")) is str:
            yield Address(path=path)
        return
    for host, port in (("host", "port"), ("remote_host", "remote_port"), ("_host", "_port")):
        if (found := _pair(kept.get(host), kept.get(port))) is not None:
            yield found
    yield from _of_urls(kept)
    own = kept.get("self")
    if (found := _pair(peek(own, "host"), peek(own, "port"))) is not None:
        yield found
    if type(path := peek(own, "path")) is str and "UnixDomain" in type(own).__name__:
        yield Address(path=path)
    for known in ("addr", "address", "sockaddr"):
        given = kept.get(known)
        if type(given) is str and given.startswith("/"):
            yield Address(path=given)
        elif (found := _of_tuple(given)) is not None:
            yield found


def _of_urls(kept: Mapping[str, object]) -> Iterator[Address]:
    """Yield the address in an HTTP client's own URL object."""
    origin = peek(kept.get("self"), "_origin")
    host = peek(origin, "host")
    if type(host) is bytes and (
        found := _pair(host.decode("ascii", "replace"), peek(origin, "port"))
    ):
        yield found
    url = kept.get("url")
    if objects.type_name(url) in ("yarl._url.URL", "yarl.URL", "httpx._urls.URL", "httpx.URL"):
        kind: Any = url  # the library's own property
        port = kind.port or {"http": 80, "https": 443}.get(kind.scheme)
        if (found := _pair(kind.host, port)) is not None:
            yield found


def _of_tuple(given: object) -> Address | None:
    known = type(given) is tuple and len(given) >= 2
    return _pair(given[0], given[1]) if known else None  # type: ignore[index]


def _pair(host: object, port: object) -> Address | None:
    if type(port) is str and port.isdigit():
        port = int(port)
    if type(host) is not str or not host or type(port) is not int or not 0 < port < 65_536:
        return None
    return Address(host=host, port=port)


def _numeric(host: str | None) -> bool:
    return bool(host) and (":" in str(host) or str(host).replace(".", "").isdigit())


def _users_address(link: Link) -> Address | None:
    """Return the target of a connect call in user code: the pair in its arguments."""
    step = link.trace[-1]
    for node in parsed_files.nodes_at(step.frame.f_code.co_filename, step.line):
        found = None
        if isinstance(node, ast.Tuple) and len(node.elts) == 2:
            found = _pair(*(meaning.of(one, step.frame) for one in node.elts))
        elif isinstance(node, ast.Name):
            found = _of_tuple(meaning.of(node, step.frame))
        if found is not None:
            return found
    return None
