"""The service of a JupyterHub that keeps the board: `loopcheck board --serve`.

A learner writes and deletes their own row; Hub admins and the group `facilitators` read the rows.
The Hub says which user sends a request. The service keeps and logs no address.
"""

import asyncio
import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from loopcheck.lab.board import GROUP, BoardError
from loopcheck.lab.board.kept import Kept
from loopcheck.lab.board.row import from_fields

if TYPE_CHECKING:
    from tornado.httputil import HTTPServerRequest

SECONDS = 3.0  # for the Hub's answer
LARGEST = 16 << 10  # bytes of a row
HOUR = 3600.0
ABOUT = "loopcheck's class board. Learners: %progress --share. Facilitators: loopcheck board"
NOT_YOURS = f"The board is for the facilitator: Hub admins and the group {GROUP}."


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


@dataclass(frozen=True, slots=True)
class Service:
    """Answers the requests to the board."""

    hub: Hub
    kept: Kept
    prefix: str

    async def answer(self, method: str, path: str, token: str, body: bytes) -> object:
        """Return the answer, None if it has no content; raise Refusal."""
        match method, path.removeprefix(self.prefix):
            case "GET", "":
                return {"said": ABOUT}
            case "PUT", "row":
                owner = (await self.hub.who(token)).name
                self.kept.put(owner, from_fields(_read(body)))
            case "DELETE", "row":
                self.kept.delete((await self.hub.who(token)).name)
            case "GET", "rows":
                if not (await self.hub.who(token)).facilitates:
                    raise Refusal(403, NOT_YOURS)
                return {"rows": self.kept.rows(), "told": self.kept.told()}
            case _:
                raise Refusal(404, f"The board has no {method} here. {ABOUT}")
        return None


def _read(body: bytes) -> object:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        raise Refusal(400, "A row is JSON.") from None


async def respond(service: Service, request: "HTTPServerRequest") -> None:
    """Answer *request* with JSON; a refusal has one line under `said`."""
    from tornado.httputil import HTTPHeaders, ResponseStartLine  # late: comes with JupyterHub

    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    token = token if scheme.lower() in ("token", "bearer") else ""
    try:
        said = await service.answer(request.method or "", request.path, token, request.body)
        status = 200 if said is not None else 204
    except Refusal as refusal:
        said, status = {"said": str(refusal)}, refusal.status
    except BoardError as wrong:
        said, status = {"said": str(wrong)}, 400
    body = b"" if said is None or request.method == "HEAD" else json.dumps(said).encode()
    headers = {"Content-Type": "application/json", "Cache-Control": "no-store"}
    if status != 204:
        headers["Content-Length"] = str(len(body))
    line = ResponseStartLine("HTTP/1.1", status, HTTPStatus(status).phrase)
    with suppress(OSError):  # the client is gone: tornado's StreamClosedError is an OSError
        assert request.connection is not None
        await request.connection.write_headers(line, HTTPHeaders(headers), body)
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
    return Service(Hub(environment["JUPYTERHUB_API_URL"]), kept, prefix), address


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
