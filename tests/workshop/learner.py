"""A learner at a Hub: logs in as a browser does, opens lessons, runs cells, presses Stop."""

import asyncio
import json
import re
import time
import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from http.cookiejar import CookieJar
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode, urlsplit
from urllib.request import HTTPCookieProcessor, Request, build_opener

from tornado.httpclient import HTTPRequest
from tornado.websocket import (
    WebSocketClientConnection,
    WebSocketClosedError,
    websocket_connect,
)

SECONDS = 300  # for a step, on two busy cores
Message = dict[str, Any]


class Failed(Exception):
    """What did not go as a learner expects."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What a cell showed."""

    status: str
    text: str
    first: float | None  # seconds until the first of it


class Learner:
    """One browser: cookies, and pages fetched one after the other."""

    def __init__(self, base: str, name: str) -> None:
        self.base, self.name = base, name
        self.cookies = CookieJar()
        self._opener = build_opener(HTTPCookieProcessor(self.cookies))

    async def page(self, path: str, method: str = "GET", **more: Any) -> str:
        """Return what the address says, redirects followed."""
        return await asyncio.to_thread(self._fetch, path, method, **more)

    def _fetch(self, path: str, method: str, form: Any = None, body: Any = None) -> str:
        # A POST from nowhere is refused.
        headers = {"X-XSRFToken": self._cookie("_xsrf", path), "Referer": self.base + path}
        if path.startswith("/services/"):
            headers["Accept"] = "text/html, */*"  # as a browser
        data = urlencode(form).encode() if form else json.dumps(body).encode() if body else None
        asked = Request(self.base + path, data, headers, method=method)
        try:
            with self._opener.open(asked, timeout=SECONDS) as reply:
                return str(reply.read().decode())
        except HTTPError as refused:
            raise Failed(f"{method} {path}: {refused.code} {refused.read()[:300]!r}") from None

    def _cookie(self, name: str, path: str) -> str:
        """Return the cookie of the longest path that *path* begins with."""
        path = urlsplit(self.base).path + path
        fit = [one for one in self.cookies if one.name == name and path.startswith(one.path)]
        return (max(fit, key=lambda one: len(one.path)).value or "") if fit else ""

    async def log_in(self, password: str) -> None:
        """Send the form of the login page."""
        form = await self.page("/hub/login")
        found = re.search(r'name="_xsrf" value="([^"]+)"', form)
        if not found:
            raise Failed("the login page has no form")
        given = {"username": self.name, "password": password, "_xsrf": found[1]}
        home = urlencode({"next": f"{urlsplit(self.base).path}/hub/home"})  # not to the server yet
        await self.page(f"/hub/login?{home}", "POST", form=given)

    async def start(self) -> str:
        """Have the server started, wait until it is there, and return the page it opens on."""
        await self.page(f"/hub/spawn/{self.name}")
        await self._until(self._ready)
        return await self.page(f"/user/{self.name}/")

    async def stop(self) -> None:
        """Have the server ended, and wait until it is."""
        await self.page(f"/hub/api/users/{self.name}/server", "DELETE")
        await self._until(self._gone)

    async def _servers(self) -> dict[str, Any]:
        servers: dict[str, Any] = json.loads(await self.page(f"/hub/api/users/{self.name}"))
        return servers["servers"] or {}

    async def _ready(self) -> bool:
        servers = await self._servers()
        if not servers:
            raise Failed("the server did not start")
        return bool(servers[""]["ready"])

    async def _gone(self) -> bool:
        return not await self._servers()

    async def _until(self, there: Callable[[], Awaitable[bool]]) -> None:
        async with asyncio.timeout(SECONDS):
            while not await there():
                await asyncio.sleep(0.3)

    async def api(self, path: str, method: str = "GET", body: Any = None) -> Any:
        """Ask this learner's own server."""
        said = await self.page(f"/user/{self.name}/api/{path}", method, body=body)
        return json.loads(said) if said else None

    async def open(self, path: str) -> "Kernel":
        """Open a notebook: a session, and its kernel's channels."""
        asked = {"path": path, "name": path, "type": "notebook", "kernel": {"name": "python3"}}
        kernel = Kernel(self, (await self.api("sessions", "POST", asked))["kernel"]["id"])
        await kernel.connect()
        return kernel


class Kernel:
    """The kernel of an open notebook."""

    def __init__(self, learner: Learner, name: str) -> None:
        self.learner, self.name = learner, name
        # As Lab has one for each of its pages: who comes back with it gets what was said meanwhile.
        self.page = uuid.uuid4().hex
        self.socket: WebSocketClientConnection | None = None
        self.lost = 0  # connections

    async def connect(self) -> WebSocketClientConnection:
        """Open the channels, again if they were open."""
        learner = self.learner
        at = f"/user/{learner.name}/api/kernels/{self.name}/channels?session_id={self.page}"
        sent = Request(learner.base + at)
        learner.cookies.add_cookie_header(sent)
        url = learner.base.replace("http", "ws", 1) + at
        headers = {"Cookie": sent.get_header("Cookie") or ""}
        asking = HTTPRequest(url, headers=headers, connect_timeout=SECONDS, request_timeout=SECONDS)
        self.socket = await websocket_connect(asking)
        return self.socket

    async def reconnect(self) -> WebSocketClientConnection:
        """Come back as Lab does: a server that is short of time hangs up."""
        self.lost += 1
        return await self.connect()

    async def send(self, code: str) -> str:
        """Run a cell; return what its messages go by."""
        header = {"msg_id": uuid.uuid4().hex, "msg_type": "execute_request", "version": "5.3"}
        header |= {"session": self.name, "username": "", "date": ""}
        content = {"code": code, "silent": False, "store_history": True, "allow_stdin": False}
        message = {"header": header, "parent_header": {}, "metadata": {}, "content": content}
        said = json.dumps(message | {"channel": "shell"})
        try:
            await (self.socket or await self.connect()).write_message(said)
        except WebSocketClosedError:
            await (await self.reconnect()).write_message(said)
        return header["msg_id"]

    async def next(self, asked: str | None = None) -> Message:
        """Return the next message, of the cell *asked* if one is named."""
        async with asyncio.timeout(SECONDS):
            while True:
                raw = await (self.socket or await self.connect()).read_message()
                if raw is None:
                    await self.reconnect()
                    continue
                message: Message = json.loads(raw)
                if asked in (None, message["parent_header"].get("msg_id")):
                    return message

    async def run(self, code: str) -> Shown:
        """Run a cell to its end."""
        return await self.shown(await self.send(code))

    async def shown(self, asked: str) -> Shown:
        """Return what the cell *asked* showed, when it is done."""
        began, first, status, idle, text = time.monotonic(), None, "", False, ""
        while not (status and idle):
            message = await self.next(asked)
            content, kind = message["content"], message["msg_type"]
            if said := words(content):
                text += said
                first = first or time.monotonic() - began
            status = content["status"] if kind == "execute_reply" else status
            idle = idle or content.get("execution_state") == "idle"
        return Shown(status=status, text=text, first=first)

    async def stopped(self, code: str) -> Shown:
        """Run a cell that does not end, press Stop when it is busy, and return what it showed."""
        asked = await self.send(code)
        while (await self.next(asked))["msg_type"] != "execute_input":
            pass
        await self.learner.api(f"kernels/{self.name}/interrupt", "POST", {"now": True})
        return await self.shown(asked)

    async def killed(self) -> None:
        """Kill the kernel from inside, and wait until Lab has started it anew."""
        await self.send("import os, signal; os.kill(os.getpid(), signal.SIGKILL)")
        while (await self.next())["content"].get("execution_state") != "restarting":
            pass


def words(content: Message) -> str:
    """Return the text of an output, or of an error."""
    if "ename" in content and "traceback" in content:
        return f"{content['ename']}: {content['evalue']}\n"
    text = content.get("text") or (content.get("data") or {}).get("text/plain") or ""
    return text if isinstance(text, str) else "".join(text)
