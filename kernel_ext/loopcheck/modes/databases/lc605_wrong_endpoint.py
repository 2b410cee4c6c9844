"""LC605 wrong-endpoint: a server answers, but the port, database, user or protocol is wrong.

What: the server refuses the password, or has no such database, user or number. Or it uses another
      protocol, with TLS or without; or the URL names a driver that the client does not accept.
Why:  the address belongs to another machine or another test, is set in more than one place, or is
      built from parts of which one is missing. A server's socket accepts any connection: that it
      opens does not prove which server is there.
Fix:  let one fixture provide the address, and let all clients use it. One query at the start of the
      run shows which server answers (`select current_database(), current_user`, `INFO server`). A
      longer timeout does not help. A handler for ConnectionError that skips the test also hides a
      refused password: valkey's AuthenticationError is a ConnectionError.
Edit: none, since which of the two addresses is meant is not in the text.
"""

from __future__ import annotations

from collections.abc import Iterator

from loopcheck.modes.finding import Finding
from loopcheck.records import EndpointRecord, Evidence, Place, Subject

CODE, SLUG = "LC605", "wrong-endpoint"
SUPERSEDES = frozenset({"LC203", "LC603", "LC604"})  # the server that answers explains them
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
    """Name what the code expects, what answered, and the line that sets the address."""
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
    at = f" at {seen.address}" if seen.address else ""
    reached = f"`{seen.name}` reached"
    if seen.met == "scheme":
        return f"The URL begins with {_scheme(seen)}, which `{seen.name}` does not accept."
    if seen.met == "protocol":
        return f"{reached} {_heard(seen)}{at}."
    if seen.met == "tls":
        return f"{reached} {seen.heard}{at}."
    asked = f" `{seen.asked}`" if seen.asked else ""
    user = f" for the user{asked}" if seen.asked else ""
    but = {
        "database": f"has no database{asked}",
        "user": f"gives the user{asked} no right to this command"
        if seen.heard == "no right"
        else f"rejects the user{asked}",
        "password": {
            "none": f"needs a password{user}, but got none",
            "unasked": "got a password, but has none for its default user",
        }.get(seen.heard or "", _refused(seen)),
        "db number": f"has no database number {seen.asked}",
        "replica": "is a replica and accepts no writes",
    }[seen.met]
    return f"{reached} a server{at} that {but}."


def _refused(seen: EndpointRecord) -> str:
    if seen.says_user:
        return f"refused the user `{seen.asked}` or the password"
    return f"refused the password{f' for the user `{seen.asked}`' if seen.asked else ''}"


def _heard(seen: EndpointRecord) -> str:
    heard = seen.heard or "another server"
    which = heard if " " in heard else f"`{heard}`"
    return f"{which}, not {seen.wanted}," if seen.wanted else which


def _scheme(seen: EndpointRecord) -> str:
    return f"`{seen.asked}://`" if seen.asked else "no scheme"


def _why(seen: EndpointRecord) -> str:
    if seen.variable is not None:
        return f"The address comes from the environment variable `{seen.variable}`."
    thing = {
        "database": "the database",
        "user": "the user",
        "password": "the address"
        if seen.heard == "none"
        else "the user"
        if seen.says_user
        else "the password",
        "db number": "the number",
        "scheme": "the URL",
    }.get(seen.met, "the address")
    if seen.set_at is not None:
        return f"{seen.set_at} sets {thing}. {_more(seen)}"
    return _more(seen)


def _more(seen: EndpointRecord) -> str:
    if seen.met == "scheme":
        return "The part before `://` selects the driver, and each library accepts only its own."
    if seen.says_user and seen.wanted == "PostgreSQL":
        return "PostgreSQL reports an unknown user and a wrong password in the same words."
    if seen.met in ("protocol", "tls"):
        return "A socket accepts any client, so only the first answer shows which server it is."
    return "The connection opened, so a server listens there, but not with what the code expects."


def _fix(seen: EndpointRecord) -> str:
    at = seen.set_at or seen.made_at or seen.used_at
    here = f" at {at}" if at else ""
    one = ". Let one fixture provide the address for all."
    return {
        "database": f"Use a database that exists{here}, or create it in the fixture that starts the"
        f" server{one}",
        "user": f"Use a user that the server knows{here}, or create it first{one}",
        "password": f"Pass a password{here}{one}"
        if seen.heard == "none"
        else f"Leave the password out{here}{one}"
        if seen.heard == "unasked"
        else f"Use a user of that server{here}, with that user's password{one}"
        if seen.says_user
        else f"Use the password of that server{here}{one}",
        "db number": f"Use a number below 16{here}, the default limit of a server{one}",
        "replica": f"Use the address of the primary{here}{one}",
        "protocol": f"Change the port{here} to that of {_a(seen.wanted)}{one}",
        "tls": _tls(seen, here),
        "scheme": _driver(seen, here),
    }[seen.met]


def _a(kind: str | None) -> str:
    if kind is None:
        return "the server that the code expects"
    return f"{'an' if kind == 'HTTP' else 'a'} {kind} server"


def _tls(seen: EndpointRecord, here: str) -> str:
    if seen.heard == "a server that wants TLS":
        return f"Connect with TLS{here}."
    return (
        f"Connect without TLS{here} (`http://`, `redis://`, `ssl=False`), or to the port that has"
        " it."
    )


def _driver(seen: EndpointRecord, here: str) -> str:
    scheme = seen.asked or ""
    if not scheme:
        return f"Begin the URL{here} with its scheme: `redis://…`, `postgresql://…`."
    if "+" in scheme and seen.name.startswith("asyncpg"):
        driver = scheme.partition("+")[2]
        return f"Write `postgresql://`{here}: `+{driver}` is only for SQLAlchemy."
    kind = scheme.partition("+")[0]
    names = {
        "postgres": "postgresql+asyncpg://",
        "postgresql": "postgresql+asyncpg://",
        "sqlite": "sqlite+aiosqlite://",
        "mysql": "mysql+aiomysql://",
    }
    if kind in names:
        return f"Name the asynchronous driver in the URL{here}: `{names[kind]}`."
    return f"Begin the URL{here} with a scheme that the library accepts."
