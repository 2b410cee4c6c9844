"""The class board on a real JupyterHub: a kernel of a learner's shares, the facilitator looks.

Skipped where jupyterhub or its proxy is not installed; `make test` has the stand-in of tests/lab.
"""

import asyncio
import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from urllib.request import Request, urlopen

import pytest

pytestmark = pytest.mark.skipif(
    not (find_spec("jupyterhub") and shutil.which("configurable-http-proxy")),
    reason="needs jupyterhub and configurable-http-proxy",
)
SECONDS = 120
CONFIG = """\
import os, sys

c = get_config()
at = "http://127.0.0.1:" + os.environ["TEST_PROXY"]
c.JupyterHub.bind_url = at
c.JupyterHub.hub_port = int(os.environ["TEST_HUB"])
c.ConfigurableHTTPProxy.api_url = "http://127.0.0.1:" + os.environ["TEST_PROXY_API"]
c.JupyterHub.authenticator_class = "dummy"
c.Authenticator.allow_all = True
c.Authenticator.admin_users = {"boss"}
c.JupyterHub.spawner_class = "simple"
c.SimpleLocalProcessSpawner.home_dir_template = os.getcwd() + "/{username}"
c.Spawner.args = ["--allow-root"]
c.Spawner.start_timeout = c.Spawner.http_timeout = 120  # a busy machine
c.Spawner.environment = {"LOOPCHECK_BOARD_URL": at + "/services/loopcheck-board/"}
c.JupyterHub.services = [
    {
        "name": "loopcheck-board",
        "url": "http://127.0.0.1:" + os.environ["TEST_BOARD"],
        "command": [sys.executable, "-m", "loopcheck", "board", "--serve"],
        "environment": {"LOOPCHECK_BOARD_HOME": os.getcwd() + "/board"},
    },
    {"name": "tester", "api_token": os.environ["TEST_TOKEN"]},
]
c.JupyterHub.load_groups = {"facilitators": {"users": ["eve"]}}
c.JupyterHub.load_roles = [
    {
        "name": "tester",
        "scopes": ["admin:users", "admin:servers", "tokens", "access:servers"],
        "services": ["tester"],
    },
]
"""


@dataclass(frozen=True, slots=True)
class RunningHub:
    """A Hub, and the token of its tester."""

    url: str
    token: str

    def ask(self, method: str, path: str, content: object = None) -> object:
        """Return what its API or one of its servers answers."""
        body = None if content is None else json.dumps(content).encode()
        asked = Request(self.url + path, body, {"Authorization": f"token {self.token}"})
        asked.method = method
        with urlopen(asked, timeout=SECONDS) as response:
            text = response.read()
        return json.loads(text) if text else None

    def token_of(self, user: str) -> str:
        """Return a token as *user* makes one on the Hub's page."""
        made = self.ask("POST", f"/hub/api/users/{user}/tokens", {})
        assert isinstance(made, dict)
        return str(made["token"])

    def start(self, user: str) -> None:
        """Start the notebook server of *user* and wait until it is up."""
        self.ask("POST", f"/hub/api/users/{user}/server")
        progress = Request(
            f"{self.url}/hub/api/users/{user}/server/progress",
            headers={"Authorization": f"token {self.token}"},
        )
        with urlopen(progress, timeout=SECONDS) as events:
            assert any(b'"ready": true' in line for line in events)

    def run(self, user: str, *cells: str) -> list[str]:
        """Return what *cells* print in a new kernel of *user*."""
        kernel = self.ask("POST", f"/user/{user}/api/kernels", {"name": "python3"})
        assert isinstance(kernel, dict)
        return asyncio.run(self._run(f"/user/{user}/api/kernels/{kernel['id']}/channels", cells))

    async def _run(self, path: str, cells: tuple[str, ...]) -> list[str]:
        from tornado.httpclient import HTTPRequest  # late: comes with JupyterHub
        from tornado.websocket import websocket_connect

        at = HTTPRequest(
            self.url.replace("http", "ws", 1) + path,
            headers={"Authorization": f"token {self.token}"},
        )
        channel = await asyncio.wait_for(websocket_connect(at), SECONDS)
        said = []
        for cell in cells:
            header = {"msg_id": secrets.token_hex(8), "msg_type": "execute_request", "version": "5"}
            sent = {"channel": "shell", "header": header, "parent_header": {}, "metadata": {}}
            await channel.write_message(json.dumps(sent | {"content": {"code": cell}}))
            text = ""
            while True:
                async with asyncio.timeout(SECONDS):
                    got = json.loads(await channel.read_message() or "")
                if got["parent_header"].get("msg_id") != header["msg_id"]:
                    continue
                text += got["content"].get("text", "")
                if got["content"].get("execution_state") == "idle":
                    break
            said.append(text)
        channel.close()
        return said

    def board(self, token: str, *words: str) -> subprocess.CompletedProcess[str]:
        """Return what `loopcheck board` says to the owner of *token*."""
        return subprocess.run(
            [sys.executable, "-m", "loopcheck", "board", *words],
            env={
                **os.environ,
                "JUPYTERHUB_API_TOKEN": token,
                "LOOPCHECK_BOARD_URL": f"{self.url}/services/loopcheck-board/",
            },
            capture_output=True,
            text=True,
            timeout=SECONDS,
        )


def _free_ports(number: int) -> list[int]:
    with_ports = [socket.create_server(("127.0.0.1", 0)) for _ in range(number)]
    ports = [one.getsockname()[1] for one in with_ports]
    for one in with_ports:
        one.close()
    return ports


@contextmanager
def _hub(folder: Path) -> Iterator[RunningHub]:
    names = ("TEST_PROXY", "TEST_HUB", "TEST_PROXY_API", "TEST_BOARD")
    ports = dict(zip(names, map(str, _free_ports(4)), strict=True))
    token = secrets.token_hex(16)
    (folder / "jupyterhub_config.py").write_text(CONFIG, encoding="utf-8")
    with (folder / "hub.log").open("wb") as log:
        hub = subprocess.Popen(
            [sys.executable, "-m", "jupyterhub"],
            cwd=folder,
            env={**os.environ, **ports, "TEST_TOKEN": token},
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    try:
        yield RunningHub(f"http://127.0.0.1:{ports['TEST_PROXY']}", token)
    finally:
        hub.send_signal(signal.SIGTERM)  # it ends the proxy, the servers and the service
        hub.wait(SECONDS)


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningHub]:
    """Return a Hub with a learner whose server is up, and an admin."""
    folder = tmp_path_factory.mktemp("hub")
    with _hub(folder) as running:
        _wait_for(folder / "hub.log", "JupyterHub is now running")
        running.ask("POST", "/hub/api/users/ann")
        running.start("ann")
        yield running


def _wait_for(log: Path, words: str) -> None:
    """Wait until *words* stand in *log*: `tail -f` ends with its reader, so no sleep is needed."""
    with subprocess.Popen(
        ["timeout", str(SECONDS), "tail", "-n", "+1", "-f", str(log)],
        stdout=subprocess.PIPE,
        text=True,
    ) as tail:
        assert tail.stdout is not None
        said = []
        for line in tail.stdout:
            said.append(line)
            if words in line:
                tail.terminate()
                return
    raise AssertionError("".join(said))


def test_what_a_learner_shares_is_seen_by_the_facilitator_alone(hub: RunningHub) -> None:
    loaded, shared, stuck = hub.run(
        "ann",
        "%load_ext loopcheck.lab",
        "%progress --share --name Ann",
        "%stuck which loop?",
    )
    assert "ready" in loaded
    assert shared.startswith("You share with the class board as Ann: ")
    assert stuck.startswith("Your hand is up. ")
    boss, ann = hub.token_of("boss"), hub.token_of("ann")
    [row] = json.loads(hub.board(boss, "--json").stdout)["rows"]
    assert (row["name"], row["hand"]) == ("Ann", "which loop?")
    refused = hub.board(ann)
    assert (refused.returncode, refused.stdout) == (2, "")
    [line] = refused.stderr.splitlines()
    assert line.startswith("loopcheck: The board is for the facilitator: ")
    [_, ended] = hub.run("ann", "%load_ext loopcheck.lab", "%progress --unshare")
    assert ended == "The class board has deleted your row, and nothing more is sent.\n"
    assert json.loads(hub.board(boss, "--json").stdout)["rows"] == []


def test_an_admin_is_known_by_the_token_of_a_notebook_server(hub: RunningHub) -> None:
    hub.start("boss")
    [said] = hub.run("boss", "!loopcheck board")
    assert "Nobody shares yet" in said


def test_a_member_of_the_group_sees_the_board(hub: RunningHub) -> None:
    seen = hub.board(hub.token_of("eve"))
    assert (seen.returncode, seen.stderr) == (0, "")
