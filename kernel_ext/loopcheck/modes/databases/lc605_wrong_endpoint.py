"""LC605 wrong-endpoint: it answers, but it is the wrong port, database, user or protocol.

What: the server refuses the password, knows no such database, user or number; speaks another
      protocol, with TLS or without; or the URL names a driver that the client does not take.
Why:  the address was made for another machine or another test, in more than one place, or from
      parts of which one is missing. A server's socket takes whoever comes: that a connection
      opens proves nothing about who is there.
Fix:  one place makes the address, a fixture, and all clients take it from there; one question at
      the start of the run says who answers (`select current_database(), current_user`, `INFO
      server`). Longer timeouts change nothing; a handler for ConnectionError that skips the test
      hides a refused password, too: valkey's AuthenticationError is one.
"""

from __future__ import annotations

from collections.abc import Iterator

from loopcheck.modes.finding import Finding
from loopcheck.records import EndpointRecord, Evidence, Place, Subject

CODE, SLUG = "LC605", "wrong-endpoint"
SUPERSEDES = frozenset({"LC203", "LC603", "LC604"})  # who is there explains them
SAYS = (
    'database "…" does not exist',
    'role "…" does not exist',
    "password authentication failed for user",
    "NOAUTH",
    "invalid DSN",
    "requires an async driver to be used",
    "WRONGPASS",
    "unexpected response",
    "ResponseError: MOVED",
    "DB index is out of range",
    "Protocol Error",
    "Invalid response",
    "invalid username-password pair",
    "rejected SSL upgrade",
    "WRONG_VERSION_NUMBER",
    "unknown command",
    "Authentication required",
)
SOMEBODY = ("database", "user", "password", "db number", "replica", "protocol", "tls", "scheme")


def detect(evidence: Evidence) -> Iterator[Finding]:
    """Name what was asked for, who answered, and the line that says the address."""
    seen = evidence.endpoint
    if seen is None or seen.met not in SOMEBODY or seen.expected:
        return
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
    return seen.set_at or seen.made_at or seen.used_at


def _what(seen: EndpointRecord) -> str:
    server = f"the server at {seen.address}" if seen.address else "the server"
    asked = f" `{seen.asked}`" if seen.asked else ""
    user = f" for the user{asked}" if seen.asked else ""
    said = {
        "database": f"{server} has no database{asked}",
        "user": f"{server} gives the user{asked} no right to this command"
        if seen.heard == "no right"
        else f"{server} does not let the user{asked} in",
        "password": {
            "none": f"{server} wants a password{user}, and none was given",
            "unasked": f"{server} was given a password, and has none for its default user",
        }.get(seen.heard or "", _refused(seen, server)),
        "db number": f"{server} has no database number {seen.asked}",
        "replica": f"{server} is a replica, which takes no writes",
        "protocol": f"{server} is {_heard(seen)}",
        "tls": f"{server} is {seen.heard}",
        "scheme": f"the URL begins with {_scheme(seen)}, which `{seen.name}` does not take",
    }[seen.met]
    tail = "" if seen.met == "scheme" else f": `{seen.name}` meant another"
    return f"{said[:1].upper()}{said[1:]}{tail}."


def _refused(seen: EndpointRecord, server: str) -> str:
    if seen.says_user:
        return f"{server} refused the user `{seen.asked}` or the password"
    return f"{server} refused the password{f' for the user `{seen.asked}`' if seen.asked else ''}"


def _heard(seen: EndpointRecord) -> str:
    heard = seen.heard or "another one"
    who = heard if " " in heard else f"`{heard}`"
    return f"{who}, not {seen.wanted}" if seen.wanted else who


def _scheme(seen: EndpointRecord) -> str:
    return f"`{seen.asked}://`" if seen.asked else "no scheme"


def _why(seen: EndpointRecord) -> str:
    if seen.variable is not None:
        return f"The address comes from the environment variable `{seen.variable}`."
    thing = {
        "database": "The database",
        "user": "The user",
        "password": "The address"
        if seen.heard == "none"
        else "The user"
        if seen.says_user
        else "The password",
        "db number": "The number",
        "scheme": "The URL",
    }.get(seen.met, "The address")
    if seen.set_at is not None:
        return f"{thing} is said at {seen.set_at}. {_more(seen)}"
    return _more(seen)


def _more(seen: EndpointRecord) -> str:
    if seen.met == "scheme":
        return "The part before `://` chooses the driver, and each library knows its own."
    if seen.says_user and seen.wanted == "PostgreSQL":
        return "A user whom PostgreSQL does not know is refused in the same words as a password."
    if seen.met in ("protocol", "tls"):
        return "A socket takes whoever comes: the first answer shows who is there."
    return "The connection was opened: somebody is there, and it is not who was meant."


def _fix(seen: EndpointRecord) -> str:
    at = seen.set_at or seen.made_at or seen.used_at
    here = f" at {at}" if at else ""
    one = "; let one fixture make the address for all."
    return {
        "database": f"Name a database that is there{here}, or create it in the fixture that starts"
        f" the server{one}",
        "user": f"Name a user that the server knows{here}, or create it first{one}",
        "password": f"Hand a password on{here}{one}"
        if seen.heard == "none"
        else f"Leave the password out{here}{one}"
        if seen.heard == "unasked"
        else f"Take a user of that server{here}, and that user's password{one}"
        if seen.says_user
        else f"Take the password of that server{here}{one}",
        "db number": f"Take a number below 16{here}, the most that a server has by default{one}",
        "replica": f"Take the address of the primary{here}{one}",
        "protocol": f"Change the port{here} to that of {_a(seen.wanted)}{one}",
        "tls": _tls(seen, here),
        "scheme": _driver(seen, here),
    }[seen.met]


def _a(kind: str | None) -> str:
    if kind is None:
        return "the server that was meant"
    return f"{'an' if kind == 'HTTP' else 'a'} {kind} server"


def _tls(seen: EndpointRecord, here: str) -> str:
    if seen.heard == "a server that wants TLS":
        return f"Ask for TLS{here}."
    return (
        f"Ask without TLS{here} (`http://`, `redis://`, `ssl=False`), or for the port that has it."
    )


def _driver(seen: EndpointRecord, here: str) -> str:
    scheme = seen.asked or ""
    if not scheme:
        return f"Begin the URL{here} with its scheme: `redis://…`, `postgresql://…`."
    if "+" in scheme and seen.name.startswith("asyncpg"):
        driver = scheme.partition("+")[2]
        return f"asyncpg takes `postgresql://`{here}: `+{driver}` is for SQLAlchemy alone."
    kind = scheme.partition("+")[0]
    names = {
        "postgres": "postgresql+asyncpg://",
        "postgresql": "postgresql+asyncpg://",
        "sqlite": "sqlite+aiosqlite://",
        "mysql": "mysql+aiomysql://",
    }
    if kind in names:
        return f"Name the asynchronous driver in the URL{here}: `{names[kind]}`."
    return f"Begin the URL{here} with a scheme that it knows."
