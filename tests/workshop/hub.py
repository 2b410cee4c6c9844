"""A real JupyterHub with the workshop's own configuration, in a folder that goes with it."""

import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

import below

ROOT = Path(__file__).resolve().parents[2]
CONFIG = ROOT / "workshop" / "jupyterhub_config.py"
STARTED = 90  # seconds
RUNNING = b"JupyterHub is now running"
PREFIX = "/class"  # as behind a proxy that has other things to show, too
# What a test needs beside: ports of its own, and a folder for what lessons leave in passing.
BESIDE = """
load_subconfig({config!r})
c.JupyterHub.hub_port = {ports[1]}
c.ConfigurableHTTPProxy.api_url = "http://127.0.0.1:{ports[2]}"
c.Spawner.environment["TMPDIR"] = {passing!r}
"""


class Trouble(Exception):
    """One line for who runs the class."""


class Hub:
    """The Hub of a class; leaving it ends the Hub and takes its folder away."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="lc-"))
        self.passing = self.folder / "t"
        self.config = self.folder / "config.py"
        self.ports = free_ports(3)
        self.base = f"http://127.0.0.1:{self.ports[0]}{PREFIX}"
        self.password = secrets.token_hex(6)
        self.board = free_ports(1)[0]
        self.log = self.folder / "hub.log"

    def __enter__(self) -> Self:
        self.passing.mkdir()
        self.config.write_text(
            BESIDE.format(config=str(CONFIG), ports=self.ports, passing=str(self.passing))
        )
        try:
            self._process = self._started()
        except Trouble:
            shutil.rmtree(self.folder, ignore_errors=True)
            raise
        return self

    def _started(self) -> "subprocess.Popen[bytes]":
        with self.log.open("ab") as log:
            begin = log.tell()
            process = subprocess.Popen(
                (sys.executable, "-m", "jupyterhub", "-f", str(self.config)),
                cwd=self.folder,
                env=os.environ | self._settings(),
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        below.started.add(process.pid)
        end = time.monotonic() + STARTED
        while time.monotonic() < end and process.poll() is None:
            # It answers before its proxy has the ways to all learners again: a request to one of
            # them would come to the Hub itself.
            if RUNNING in self.log.read_bytes()[begin:]:
                with suppress(OSError), urllib.request.urlopen(f"{self.base}/hub/health"):
                    return process
            time.sleep(0.1)
        raise Trouble(f"the Hub did not start: {self.last_words()}")

    def _settings(self) -> dict[str, str]:
        return {
            "LOOPCHECK_HUB_PORT": str(self.ports[0]),
            "LOOPCHECK_HUB_PREFIX": PREFIX,
            "LOOPCHECK_HUB_FOLDER": str(self.folder / "hub"),
            "LOOPCHECK_HUB_PASSWORD": self.password,
            "LOOPCHECK_BOARD_PORT": str(self.board),
        }

    def last_words(self) -> str:
        """Return the last line of the Hub's log that says what is wrong."""
        lines = self.log.read_text(errors="replace").splitlines() or ["it said nothing"]
        return next((line for line in reversed(lines) if line[:2] in ("[C", "[E")), lines[-1])

    def home(self, name: str) -> Path:
        """Return the folder of a learner."""
        return self.folder / "hub" / "learners" / name

    def teachers_password(self) -> str:
        """Return what the configuration made at its first start."""
        return (self.folder / "hub" / "password-teacher.txt").read_text()

    def lose(self) -> None:
        """Lose the Hub, as a machine that is short of memory does, and start it again."""
        self._process.kill()
        self._process.wait()
        self._process = self._started()

    def shut_down(self) -> None:
        """End the Hub as Ctrl-C does, with all that it started."""
        self._process.terminate()
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(120)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._process.poll() is None:
            self.shut_down()
        shutil.rmtree(self.folder, ignore_errors=True)


def free_ports(count: int) -> list[int]:
    """Return *count* ports on which nobody listens."""
    held = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [one.getsockname()[1] for one in held]
    for one in held:
        one.close()
    return ports
