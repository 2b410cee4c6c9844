"""LC506 server-unreachable: nothing listens there.

What: a client's first command, or the line that connects, is refused; or the host name is unknown,
      or the socket's file does not exist. Creating the client worked, because that connects to
      nothing.
Why:  the server was never started, has already stopped, or is not ready yet. Or the address belongs
      to another machine: a developer's default, or a container's name outside its network.
Fix:  start the server in a fixture that waits until it answers and yields its URL
      (`loopcheck.servers.fixtures` has two). Otherwise check once at the start of the run. A longer
      timeout or more retries only fail later; a skip tests nothing.
Edit: none, since the code does not say where the server is, or what starts it.
"""

from __future__ import annotations

from collections.abc import Iterator

from loopcheck.modes.finding import Finding
from loopcheck.records import EndpointRecord, Evidence, Place, Subject

CODE, SLUG = "LC506", "server-unreachable"
SUPERSEDES: frozenset[str] = frozenset()
SAYS = (
    "Connect call failed",
    "Connection refused",
    "ConnectionRefusedError",
    "All connection attempts failed",
    "Cannot connect to host",
    "Name or service not known",
    "Temporary failure in name resolution",
    "Error … connecting to",
    "Multiple exceptions: [Errno",
    "actively refused it",
)
NOBODY = ("refused", "no name", "no socket", "no route", "no answer")


def detect(evidence: Evidence) -> Iterator[Finding]:
    """Name the address where nothing answered, and the line that sets it."""
    seen = evidence.endpoint
    if seen is None or seen.met not in NOBODY or seen.expected:
        return  # if the test expects an error, perhaps nothing should listen there
    yield Finding(
        code=CODE,
        slug=SLUG,
        certainty="certain" if seen.sure else "likely",
        subject=Subject(name=seen.name, type=seen.type),
        where=_where(seen),
        made_at=seen.made_at,
        used_at=seen.used_at,
        what=_what(seen),
        why=_why(seen),
        fix=_fix(seen),
    )


def _where(seen: EndpointRecord) -> Place | None:
    server = seen.server.place if seen.server else None
    return server or seen.set_at or seen.made_at or seen.used_at


def _what(seen: EndpointRecord) -> str:
    to = seen.address
    whose = f"where `{seen.name}` tried to connect"
    host = to.rpartition(":")[0]
    return {
        "refused": f"Nothing listens on {to}, {whose}.",
        "no name": f"The host `{host or to}` is unknown, {whose} (to {to}).",
        "no socket": f"The socket `{to}` does not exist, {whose}.",
        "no route": f"There is no route to {to}, {whose}.",
    }.get(seen.met, f"Nothing at {to} accepted the connection of `{seen.name}` while it waited.")


def _why(seen: EndpointRecord) -> str:
    said = [_server(seen) if seen.server else _said(seen)]
    if seen.late is not None:
        said.append(f"{seen.late} listens there by now, so the client connected too early.")
    elif seen.listening:
        said.append(f"On this machine, {', '.join(seen.listening)} is running.")
    elif seen.server is None and seen.made_at is not None and seen.made_at != seen.used_at:
        said.append(
            f"Creating `{seen.name}` worked because a client connects only with its first command."
        )
    return " ".join(said)


def _server(seen: EndpointRecord) -> str:
    server = seen.server
    if server is None:
        return ""
    at = f" at {server.place}" if server.place else ""
    return {
        "closed": f"`{server.name}` listened there, and was closed{at} before.",
        "not serving": f"`{server.name}`, created{at}, has that port but does not listen"
        " because `start_serving()` was not called.",
        "ended": f"The process `{server.name}`, started{at}, has ended.",
        "starting": f"`{server.name}`, started{at}, was not listening there yet; starting it does"
        " not wait until it is ready.",
    }[server.state]


def _said(seen: EndpointRecord) -> str:
    if seen.variable is not None:
        return f"The address comes from the environment variable `{seen.variable}`" + (
            f", read at {seen.set_at}."
        )
    if seen.set_at is not None:
        return f"{seen.set_at} sets the address."
    if seen.set_by == "default":
        at = f" at {seen.made_at}" if seen.made_at else ""
        return f"The {seen.wanted} client{at} got no address and uses the default."
    if ":" not in seen.address and seen.met == "refused":
        return "The run chose the port itself, and no server uses it now."
    return "No server runs there."


def _fix(seen: EndpointRecord) -> str:
    server = seen.server
    if server is not None and server.state == "closed":
        return (
            f"Close `{server.name}` after the last line that needs it: in its fixture's teardown."
        )
    if server is not None and server.state == "not serving":
        return f"`await {server.name}.start_serving()` before the first connection."
    if server is not None and server.state == "ended":
        return (
            f"Read what `{server.name}` printed before it ended, and let the fixture fail with it."
        )
    if server is not None or seen.late is not None:
        name = f"`{server.name}`" if server else "the server"
        return (
            f"Wait until {name} listens before you connect: let it set an event when it is ready,"
            " or retry the connection, with a time limit."
        )
    where = f", or change the address at {seen.set_at}" if seen.set_at else ""
    article = "an" if seen.wanted == "HTTP" else "a"
    kind = f"{article} {seen.wanted} server" if seen.wanted else "the server"
    if seen.met == "no name":
        return (
            f"Use a host name that this machine can resolve: names in a container network only"
            f" exist there. Or start {kind} in a fixture that yields its address{where}."
        )
    return f"Start {kind} in a fixture that yields its address, and use that{where}."
