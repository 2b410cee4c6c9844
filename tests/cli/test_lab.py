"""`loopcheck lab`: a real JupyterLab opens on the copy, and one Ctrl-C ends all of it."""

import json
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

import pytest

SECONDS = 60.0  # a cold start on a busy machine takes ten
URL = re.compile(r"http://127\.0\.0\.1:\d+/lab/tree/00_start_here\.ipynb\?token=\w+")
NOTIFICATIONS = "lab/api/settings/@jupyterlab/apputils-extension:notification"


def until(found: Callable[[], Any]) -> Any:
    """Return the first true answer of *found*, asked ten times a second for a bounded time."""
    pause = threading.Event()
    for _ in range(int(SECONDS * 10)):
        if answer := found():
            return answer
        pause.wait(0.1)
    raise AssertionError(f"nothing came in {SECONDS:.0f} seconds")


class Server:
    """A running `loopcheck lab`."""

    def __init__(self, folder: Path) -> None:
        words = ["-m", "loopcheck", "lab", "--dir", str(folder), "--no-browser"]
        self.log = folder.with_suffix(".log")
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                [sys.executable, *words], stdout=log, stderr=log, stdin=subprocess.DEVNULL
            )
        found = until(lambda: URL.search(self.log.read_text("utf-8")) or self.process.poll())
        assert isinstance(found, re.Match), self.log.read_text("utf-8")
        self.url = found[0]

    def ask(self, path: str, **body: str) -> Any:
        """Return what the server answers; it prints its address a moment before it listens."""
        parts = urlsplit(self.url)
        to = f"{parts.scheme}://{parts.netloc}/{path}?{parts.query}"
        payload = json.dumps(body).encode() if body else None

        def answer() -> Any:
            try:
                with urlopen(Request(to, payload)) as reply:
                    return json.load(reply)
            except URLError as error:
                if isinstance(error.reason, ConnectionRefusedError):
                    return None
                raise

        return until(answer)


def children(of: int) -> list[int]:
    listed = subprocess.run(["ps", "-eo", "pid=,ppid="], capture_output=True, text=True, check=True)
    pairs = [line.split() for line in listed.stdout.splitlines()]
    return [int(pid) for pid, parent in pairs if int(parent) == of]


def gone(pid: int) -> bool:
    listed = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True)
    return listed.stdout.strip()[:1] in ("", "Z")


@pytest.mark.skipif(sys.platform == "win32", reason="Ctrl-C is another thing there")
def test_one_interrupt_ends_the_server_and_its_kernels(tmp_path: Path) -> None:
    server = Server(tmp_path / "workbook")
    try:
        notebook = server.ask("api/contents/00_start_here.ipynb")["content"]
        assert [cell for cell in notebook["cells"] if cell.get("outputs")] == []
        schema = server.ask(NOTIFICATIONS)["schema"]["properties"]
        assert schema["fetchNews"]["default"] == "false"  # no question about news at the start
        server.ask("api/kernels", name="python3")
        kernels = until(lambda: children(server.process.pid))
        server.process.send_signal(signal.SIGINT)
        assert server.process.wait(SECONDS) == 0, server.log.read_text("utf-8")
        until(lambda: all(map(gone, kernels)))
    finally:
        server.process.kill()
        server.process.wait()
