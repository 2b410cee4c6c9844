"""A class board on loopback: the real service, and a stand-in for the Hub that it asks."""

import asyncio
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs

import pytest

from loopcheck.lab.board.asking import Board
from loopcheck.lab.board.kept import Kept
from loopcheck.lab.board.login import Client
from loopcheck.lab.board.service import Hub, Service, serve

PREFIX = "/services/loopcheck-board/"
SOON = 30.0  # seconds; on a busy machine, too
# A code of the stand-in is the name of the user who has logged in.
CLIENT = Client(
    name="service-loopcheck-board",
    secret="of the service",
    back=f"{PREFIX}oauth_callback",
    authorize="/hub/api/oauth2/authorize",
    api="",
)
# What a Hub tells the token of a notebook server about its owner (jupyterhub 5.4.0).
USERS: dict[str, dict[str, object]] = {
    "ann": {"name": "ann", "kind": "user", "admin": False, "groups": []},
    "bob": {"name": "bob", "kind": "user", "admin": False, "groups": []},
    "eve": {"name": "eve", "kind": "user", "admin": False, "groups": ["facilitators"]},
    "root": {"name": "root", "kind": "user", "admin": True, "groups": []},
    "robot": {"name": "robot", "kind": "service", "admin": True},
}


class _Answers(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        found = USERS.get(self.headers["Authorization"].removeprefix("token "))
        assert self.path == "/hub/api/user"
        self._answer(found)

    def do_POST(self) -> None:
        form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        assert self.path == "/hub/api/oauth2/token"
        [user] = form["code"]
        ours = form["client_secret"] == [CLIENT.secret] and form["redirect_uri"] == [CLIENT.back]
        self._answer({"access_token": user} if ours and user in USERS else None)

    def _answer(self, found: dict[str, object] | None) -> None:
        body = json.dumps(found or {"message": "Forbidden"}).encode()
        self.send_response(200 if found else 403)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@contextmanager
def stand_in_hub() -> Iterator[str]:
    """Return the address of an API that knows USERS by their tokens, which are their names."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _Answers) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/hub/api"
        finally:
            server.shutdown()
            thread.join()


@contextmanager
def served(kept: Kept, api: str, port: int = 0) -> Iterator[str]:
    """Return the address of the board while it is up."""
    service = Service(Hub(api), kept, PREFIX, replace(CLIENT, api=api))
    loop, came, ports = asyncio.new_event_loop(), threading.Event(), list[int]()

    def ready(at: int) -> None:
        ports.append(at)
        came.set()

    task = loop.create_task(serve(service, "127.0.0.1", port, ready))
    thread = threading.Thread(target=loop.run_until_complete, args=(asyncio.wait([task]),))
    thread.start()
    try:
        assert came.wait(SOON)
        yield f"http://127.0.0.1:{ports[0]}{PREFIX}"
    finally:
        loop.call_soon_threadsafe(task.cancel)
        thread.join(SOON)
        loop.close()


@dataclass(frozen=True, slots=True)
class Room:
    """A board that is up, and what it keeps."""

    url: str
    kept: Kept
    api: str

    def by(self, user: str) -> Board:
        """Return the board as *user* asks it."""
        return Board(self.url, user)


@pytest.fixture
def room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Room]:
    """Return a board that is up, in the environment of a kernel of ann's."""
    kept = Kept(tmp_path / "board")
    with stand_in_hub() as api, served(kept, api) as url:
        monkeypatch.setenv("JUPYTERHUB_API_TOKEN", "ann")
        monkeypatch.setenv("JUPYTERHUB_USER", "ann")
        monkeypatch.setenv("LOOPCHECK_BOARD_URL", url)
        yield Room(url, kept, api)
