"""The service of a JupyterHub that keeps the board: `loopcheck board --serve`.

A learner writes and deletes their own row; Hub admins and the group `facilitators` read the rows.
The Hub says which user sends a request, by a token or, in a browser, by its login. The service
keeps and logs no address.
"""

import asyncio
import json
import secrets
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from http import HTTPStatus
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from loopcheck.lab.board import GROUP, BoardError, login
from loopcheck.lab.board.kept import Kept
from loopcheck.lab.board.login import SESSION, STATE, Client, Sessions
from loopcheck.lab.board.picture import picture
from loopcheck.lab.board.row import from_fields

if TYPE_CHECKING:
    from tornado.httputil import HTTPServerRequest

SECONDS = 3.0  # for the Hub's answer
LARGEST = 16 << 10  # bytes of a row
HOUR = 3600.0
ABOUT = "loopcheck's class board. Learners: %progress --share. Facilitators: loopcheck board"
NOT_YOURS = f"The board is for the facilitator: Hub admins and the group {GROUP}."


PAGE = {
    "board.html": "text/html; charset=utf-8",
    "board.css": "text/css; charset=utf-8",
    "board.js": "text/javascript; charset=utf-8",
}
SAFE = {
    # The page runs its own script only, and no other page frames it.
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; script-src 'self'; "
    "connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}
REFUSED = """\
<!doctype html><html lang="en"><meta charset="utf-8"><meta name="color-scheme" content="light dark">
<title>Class board</title><body><main><h1>Class board</h1><p>{}</p></main></body></html>
"""


class Refusal(Exception):
    """A refusal: the status and one line."""

    def __init__(self, status: int, said: str) -> None:
        super().__init__(said)
        self.status = status


@dataclass(frozen=True, slots=True)
class Asker:
    """A user of the Hub."""

    name: str
    facilitates: bool


@dataclass(frozen=True, slots=True)
class Hub:
    """The Hub that started this service."""

    api: str  # its address

    async def who(self, token: str) -> Asker:
        """Return the user whose *token* it is: any token may query the Hub about its owner."""
        found = await self._user(token) if token else {}
        name = found.get("name")
        if found.get("kind") != "user" or not isinstance(name, str):
            raise Refusal(403, "The Hub does not know this token as a user's.")
        groups = found.get("groups")
        leads = found.get("admin") is True or (isinstance(groups, list) and GROUP in groups)
        return Asker(name, leads)

    async def _user(self, token: str) -> dict[str, object]:
        """Return the Hub's answer: empty if it does not know the token."""
        from tornado.httpclient import AsyncHTTPClient, HTTPRequest  # late: comes with JupyterHub

        asked = HTTPRequest(
            self.api.rstrip("/") + "/user",
            headers={"Authorization": f"token {token}", "Accept": "application/json"},
            connect_timeout=SECONDS,
            request_timeout=SECONDS,
            follow_redirects=False,
        )
        try:
            answer = await AsyncHTTPClient().fetch(asked, raise_error=False)
            if answer.code in (401, 403, 404):
                return {}
            found = json.loads(answer.body) if answer.code == 200 else None
        except (OSError, ValueError, RecursionError):
            found = None
        if not isinstance(found, dict):
            raise Refusal(
                503, "The class board cannot reach the Hub to check who you are. Try again."
            )
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A request: what it is for, and who sends it."""

    method: str
    path: str  # below the service's prefix
    query: str = ""
    token: str = ""  # of a program
    cookies: Mapping[str, str] = field(default_factory=dict)  # of a browser
    body: bytes = b""
    wants_page: bool = False
    secure: bool = False  # the browser came by https


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back."""

    status: int
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Service:
    """Answers the requests to the board."""

    hub: Hub
    kept: Kept
    prefix: str
    client: Client | None = None  # for the Hub's login; None: only tokens are known
    sessions: Sessions = field(default_factory=Sessions)

    async def answer(self, asked: Asked) -> Answer:
        """Return the answer; raise Refusal."""
        match asked.method, asked.path:
            case "GET" | "HEAD", "":
                return await self._front(asked) if asked.wants_page else _json({"said": ABOUT})
            case "GET", "oauth_callback":
                return await self._come_back(asked)
            case "GET" | "HEAD", name if name in PAGE and name != "board.html":
                return _file(name)
            case "PUT", "row":
                owner = (await self.hub.who(asked.token)).name
                self.kept.put(owner, from_fields(_read(asked.body)))
                return Answer(204)
            case "DELETE", "row":
                self.kept.delete((await self.hub.who(asked.token)).name)
                return Answer(204)
            case "GET", "rows":
                await self._admit(asked.token)
                return _json({"rows": self.kept.rows(), "told": self.kept.told()})
            case "GET", "picture":
                await self._admit(asked.token or self._session(asked))
                self.kept.age()
                return _json(picture(self.kept.all.values(), self.kept.told(), time.time()))
        raise Refusal(404, f"The board has no {asked.method} here. {ABOUT}")

    async def _admit(self, token: str) -> None:
        if not (await self.hub.who(token)).facilitates:
            raise Refusal(403, NOT_YOURS)

    def _session(self, asked: Asked) -> str:
        return self.sessions.token(asked.cookies.get(SESSION, ""))

    async def _front(self, asked: Asked) -> Answer:
        """Return the page to a facilitator, and lead everybody else to the Hub's login first."""
        token = self._session(asked)
        if not token:
            return self._to_login(asked)
        try:
            await self._admit(token)
        except Refusal as refusal:
            self.sessions.close(asked.cookies.get(SESSION, ""))  # another user may log in
            return _refused(refusal)
        return _file("board.html")

    def _to_login(self, asked: Asked) -> Answer:
        if self.client is None:
            return _refused(Refusal(503, "This Hub has given the board no login. " + ABOUT))
        state = secrets.token_urlsafe(32)
        kept = login.set_cookie(STATE, state, self.prefix, login.A_WHILE, secure=asked.secure)
        return Answer(302, headers=(("Location", self.client.begin(state)), ("Set-Cookie", kept)))

    async def _come_back(self, asked: Asked) -> Answer:
        """Open a session for a browser that the Hub sends back."""
        code = login.same(asked.cookies, asked.query)
        token = await self.client.token(code) if self.client is not None and code else None
        if token is None:
            return _refused(
                Refusal(403, "The login took too long, or was not begun here. Go back.")
            )
        cookie = self.sessions.open(token)
        kept = login.set_cookie(SESSION, cookie, self.prefix, login.A_DAY, secure=asked.secure)
        gone = login.set_cookie(STATE, "", self.prefix, 0, secure=asked.secure)
        there = (("Location", self.prefix), ("Set-Cookie", kept), ("Set-Cookie", gone))
        return Answer(302, headers=there)


def _json(said: object, status: int = 200) -> Answer:
    return Answer(status, json.dumps(said).encode(), (("Content-Type", "application/json"),))


def _file(name: str) -> Answer:
    text = (files("loopcheck.lab.board") / "page" / name).read_bytes()
    return Answer(200, text, (("Content-Type", PAGE[name]), *SAFE.items()))


def _refused(refusal: Refusal) -> Answer:
    kind = ("Content-Type", PAGE["board.html"])
    return Answer(refusal.status, REFUSED.format(refusal).encode(), (kind, *SAFE.items()))


def _read(body: bytes) -> object:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        raise Refusal(400, "A row is JSON.") from None


def _asked(request: "HTTPServerRequest", prefix: str) -> Asked:
    headers = request.headers
    scheme, _, token = headers.get("Authorization", "").partition(" ")
    return Asked(
        method=request.method or "",
        path=request.path.removeprefix(prefix),
        query=request.query,
        token=token if scheme.lower() in ("token", "bearer") else "",
        cookies=login.cookies(headers.get("Cookie", "")),
        body=request.body,
        wants_page="text/html" in headers.get("Accept", ""),
        secure=headers.get("X-Forwarded-Proto", "").split(",")[0].strip() == "https",
    )


async def respond(service: Service, request: "HTTPServerRequest") -> None:
    """Answer *request*; a refusal has one line under `said`."""
    from tornado.httputil import HTTPHeaders, ResponseStartLine  # late: comes with JupyterHub

    try:
        answer = await service.answer(_asked(request, service.prefix))
    except Refusal as refusal:
        answer = _json({"said": str(refusal)}, refusal.status)
    except BoardError as wrong:
        answer = _json({"said": str(wrong)}, 400)
    headers = HTTPHeaders()
    for name, value in (*answer.headers, ("Cache-Control", "no-store")):
        headers.add(name, value)
    if answer.status != 204:
        headers["Content-Length"] = str(len(answer.body))
    body = b"" if request.method == "HEAD" else answer.body
    line = ResponseStartLine("HTTP/1.1", answer.status, HTTPStatus(answer.status).phrase)
    with suppress(OSError):  # the client is gone: tornado's StreamClosedError is an OSError
        assert request.connection is not None
        await request.connection.write_headers(line, headers, body)
        request.connection.finish()


async def serve(service: Service, host: str, port: int, ready: Callable[[int], None]) -> None:
    """Serve on *host* and *port* until cancelled; call `ready` with the port."""
    from tornado.httpserver import HTTPServer  # late: comes with JupyterHub
    from tornado.netutil import bind_sockets

    loop, running = asyncio.get_running_loop(), set[asyncio.Task[None]]()

    def begin(request: "HTTPServerRequest") -> None:
        task = loop.create_task(respond(service, request))
        running.add(task)
        task.add_done_callback(running.discard)

    limits = {"max_body_size": LARGEST, "max_header_size": LARGEST, "body_timeout": 3 * SECONDS}
    server = HTTPServer(begin, idle_connection_timeout=60, **limits)
    sockets = bind_sockets(port, host)
    server.add_sockets(sockets)
    try:
        ready(sockets[0].getsockname()[1])
        while True:
            await asyncio.sleep(HOUR)
            service.kept.age()  # also without requests
    finally:
        server.stop()
        await server.close_all_connections()


def run(environment: Mapping[str, str]) -> None:
    """Serve with JupyterHub's *environment*; raise BoardError if that fails."""
    service, (host, port) = _set_up(environment)
    for line in service.kept.told():
        print(line, flush=True)
    try:
        asyncio.run(serve(service, host, port, _say))
    except ModuleNotFoundError as missing:
        raise BoardError(
            f"The board needs {missing.name}, which comes with JupyterHub: pip install tornado"
        ) from None
    except OSError as refused:
        raise BoardError(
            f"The board cannot listen on {host}:{port}: {refused.strerror or refused}. "
            "Give the service another url."
        ) from None
    except KeyboardInterrupt:
        return


def _say(port: int) -> None:
    print(f"{ABOUT} (port {port})", flush=True)


def _set_up(environment: Mapping[str, str]) -> tuple[Service, tuple[str, int]]:
    """Return the service that *environment* describes, and where it listens."""
    needed = ("JUPYTERHUB_SERVICE_URL", "JUPYTERHUB_API_URL")
    if missing := [name for name in needed if not environment.get(name)]:
        raise BoardError(
            f"The board is a service that a JupyterHub starts: {', '.join(missing)} is not set. "
            "The workshop folder's jupyterhub_config.py has the lines."
        )
    address = _address(environment["JUPYTERHUB_SERVICE_URL"])
    home = environment.get("LOOPCHECK_BOARD_HOME")
    prefix = environment.get("JUPYTERHUB_SERVICE_PREFIX") or "/services/loopcheck-board/"
    kept = Kept(Path(home).expanduser() if home else None)
    client = login.client(environment, prefix)
    return Service(Hub(environment["JUPYTERHUB_API_URL"]), kept, prefix, client), address


def _address(url: str) -> tuple[str, int]:
    try:
        parts = urlsplit(url)
        if parts.hostname and parts.port:
            return parts.hostname, parts.port
    except ValueError:
        pass
    raise BoardError(
        f"JUPYTERHUB_SERVICE_URL has no host and port: {url}. As in http://127.0.0.1:10101"
    )
