"""LC506 server-unreachable: nothing listens there.

What: the first command of a client, or the line that connects, is refused; or the host has no such
      name, or the socket's file is not there. Making the client passed: it connects to nothing.
Why:  the server was never started, is already stopped, or is not up yet; or the address is another
      machine's: the default of a developer's own, the name that a container has elsewhere.
Fix:  let the tests bring their server and hand its address on: a fixture that starts it, waits
      until it answers and yields its URL (`loopcheck.servers.fixtures` has two). Else one check at
      the start of the run. A longer timeout and more retries only refuse later; a skip tests
      nothing.
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
    """Name the address where nobody answered, and the line that says it."""
    seen = evidence.endpoint
    if seen is None or seen.met not in NOBODY or seen.expected:
        return  # where an error is expected, nobody may be meant to be there
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
    whose = f"where `{seen.name}` was to connect"
    host = to.rpartition(":")[0]
    return {
        "refused": f"Nothing listens on {to}, {whose}.",
        "no name": f"There is no host `{host or to}`, {whose} (to {to}).",
        "no socket": f"There is no socket `{to}`, {whose}.",
        "no route": f"No way leads to {to}, {whose}.",
    }.get(seen.met, f"Nobody at {to} took the connection of `{seen.name}` while it waited.")


def _why(seen: EndpointRecord) -> str:
    said = [_server(seen) if seen.server else _said(seen)]
    if seen.late is not None:
        said.append(f"By now {seen.late} listens there: it was asked before it was up.")
    elif seen.listening:
        said.append(f"On this machine there is {', '.join(seen.listening)}.")
    elif seen.server is None and seen.made_at is not None and seen.made_at != seen.used_at:
        said.append(f"Making `{seen.name}` passed: a client connects with its first command.")
    return " ".join(said)


def _server(seen: EndpointRecord) -> str:
    server = seen.server
    if server is None:
        return ""
    at = f" at {server.place}" if server.place else ""
    return {
        "closed": f"`{server.name}` was to answer there, and was closed{at} before.",
        "not serving": f"`{server.name}`, made{at}, has that port and does not listen:"
        " `start_serving()` was not called.",
        "ended": f"The process `{server.name}`, started{at}, has ended.",
        "starting": f"`{server.name}`, started{at}, was to listen there and had not come so far:"
        " starting it waits for nothing.",
    }[server.state]


def _said(seen: EndpointRecord) -> str:
    if seen.variable is not None:
        return f"The address comes from the environment variable `{seen.variable}`" + (
            f", read at {seen.set_at}."
        )
    if seen.set_at is not None:
        return f"The address is said at {seen.set_at}, and no server is there."
    if seen.set_by == "default":
        at = f" at {seen.made_at}" if seen.made_at else ""
        return f"No address was given{at}: this is the one that a {seen.wanted} client defaults to."
    if ":" not in seen.address and seen.met == "refused":
        return "The port was found by the run itself, and no server has it now."
    return "No server is there."


def _fix(seen: EndpointRecord) -> str:
    server = seen.server
    if server is not None and server.state == "closed":
        return (
            f"Close `{server.name}` after the last line that needs it: in its fixture's tear-down."
        )
    if server is not None and server.state == "not serving":
        return f"`await {server.name}.start_serving()` before anybody connects."
    if server is not None and server.state == "ended":
        return (
            f"See what `{server.name}` wrote before it ended, and let the fixture fail with that."
        )
    if server is not None or seen.late is not None:
        name = f"`{server.name}`" if server else "the server"
        return (
            f"Wait until {name} listens before anybody connects: let it set an event when it is up,"
            " or try to connect again and again, within a limit."
        )
    where = f", or change the address at {seen.set_at}" if seen.set_at else ""
    article = "an" if seen.wanted == "HTTP" else "a"
    kind = f"{article} {seen.wanted} server" if seen.wanted else "the server"
    if seen.met == "no name":
        return (
            f"Take a host that this machine knows: a name of a container's network is known in it"
            f" alone. Or start {kind} in a fixture and hand its address on{where}."
        )
    return f"Start {kind} in a fixture that yields its address, and use that{where}."
