"""The Hub's configuration as JupyterHub reads it: safe where nothing is said, one line where wrong.

The proxy and Node.js are stand-ins here; `make test-workshop` runs the real ones.
"""

import os
import re
import socket
import stat
import sys
from contextlib import ExitStack, suppress
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from traitlets.config.loader import PyFileConfigLoader

CONFIG = Path(__file__).resolve().parents[2] / "workshop" / "jupyterhub_config.py"
SETTING = re.compile(r"\bLOOPCHECK_(?:HUB_|LESSONS|BOARD_PORT)\w*")
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="a JupyterHub needs POSIX")


@pytest.fixture
def tools(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder with a proxy and a Node.js in it, the only one on the path."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for name in ("node", "configurable-http-proxy"):
        (folder / name).write_text("#!/bin/sh\n")
        (folder / name).chmod(0o755)
    monkeypatch.setenv("PATH", str(folder))
    return folder


@pytest.fixture
def hub(tmp_path: Path, tools: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the Hub's folder, which is not there yet; nothing else is set."""
    for name in list(os.environ):
        if name.startswith("LOOPCHECK_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("LOOPCHECK_HUB_FOLDER", str(tmp_path / "hub"))
    return tmp_path / "hub"


def read() -> Any:
    return PyFileConfigLoader(str(CONFIG)).load_config()


def refused() -> str:
    """Return the line that the configuration stops with."""
    with pytest.raises(SystemExit) as stopped:
        read()
    said = str(stopped.value)
    assert "\n" not in said
    return said


def test_it_listens_on_this_machine_only_unless_told(
    hub: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert read().JupyterHub.bind_url == "http://127.0.0.1:8000/"
    assert "https" not in capsys.readouterr().err
    monkeypatch.setenv("LOOPCHECK_HUB_ADDRESS", "::")
    monkeypatch.setenv("LOOPCHECK_HUB_PORT", "9000")
    monkeypatch.setenv("LOOPCHECK_HUB_PREFIX", "/class/")
    assert read().JupyterHub.bind_url == "http://[::]:9000/class"
    assert "listens on :: without https" in capsys.readouterr().err


def test_a_learner_gets_a_folder_a_copy_and_a_limit(hub: Path) -> None:
    c = read()
    assert c.SimpleLocalProcessSpawner.home_dir_template == str(hub / "learners" / "{username}")
    assert c.Spawner.cmd[:2] == [sys.executable, str(CONFIG.with_name("start.py"))]
    assert c.Spawner.default_url == "/lab/tree/workbook/00_start_here.ipynb"
    assert c.Spawner.mem_limit == "1G"


def test_each_server_gets_a_port_that_nobody_has(hub: Path) -> None:
    c = read()
    c.Spawner.pre_spawn_hook(one := SimpleNamespace(port=0))
    c.Spawner.pre_spawn_hook(another := SimpleNamespace(port=0))
    with ExitStack() as held:  # the next one, unless it is the last of them or somebody has it
        with suppress(OSError):
            held.enter_context(socket.create_server(("127.0.0.1", another.port + 1)))
        c.Spawner.pre_spawn_hook(third := SimpleNamespace(port=0))
    ports = {one.port, another.port, third.port}
    assert len(ports) == 3
    assert another.port + 1 not in ports
    assert all(20_000 <= port < 30_000 for port in ports)


def test_a_learners_kernels_have_sockets_where_their_paths_fit(
    hub: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("signal.signal", lambda *given: None)
    named = read().Spawner.environment["JUPYTER_RUNTIME_DIR"]
    folder = named(SimpleNamespace(user=SimpleNamespace(name="ada")))
    assert Path(folder).parent == hub / "run"
    for place, transport in (("/srv/hub/run/12345678", "ipc"), ("/srv/" + "h" * 60, None)):
        monkeypatch.setenv("JUPYTER_RUNTIME_DIR", place)
        name, there = "jupyter_server_config.py", str(CONFIG.parent / "server")
        config = PyFileConfigLoader(name, path=there).load_config()
        assert config.KernelManager.get("transport") == transport


def test_services_end_with_the_hub(hub: Path) -> None:
    services = read().JupyterHub.services
    assert "loopcheck-board" in [one["name"] for one in services]
    for one in services:
        assert one["command"][:2] == [sys.executable, str(CONFIG.with_name("with_hub.py"))]


def test_a_hub_without_memory_limits_says_so(
    hub: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    read()
    assert ("no memory limit" in capsys.readouterr().err) == (sys.platform != "linux")
    monkeypatch.setenv("LOOPCHECK_HUB_MEMORY", "none")
    assert read().Spawner.mem_limit is None
    [line] = [one for one in capsys.readouterr().err.splitlines() if "no memory limit:" in one]
    assert "one cell can take all of this machine. LOOPCHECK_HUB_MEMORY=1G" in line


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("LOOPCHECK_HUB_MEMORY", "lots", "say 1G, 512M, or none"),
        ("LOOPCHECK_HUB_PORT", "http", "a number from 1 to 65535 is needed, as 8000"),
        ("LOOPCHECK_HUB_PORT", "70000", "a number from 1 to 65535 is needed, as 8000"),
        ("LOOPCHECK_HUB_PASSWORD", "short", "eight characters"),
    ],
)
def test_what_cannot_be_meant_gets_one_line(
    hub: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str, said: str
) -> None:
    monkeypatch.setenv(name, value)
    line = refused()
    assert line.startswith(name)
    assert said in line


def test_a_folder_that_cannot_be_made_gets_one_line(
    hub: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("LOOPCHECK_HUB_FOLDER", str(tmp_path / "file" / "hub"))
    assert refused().endswith("Set LOOPCHECK_HUB_FOLDER.")


def test_a_missing_proxy_is_told_with_what_brings_it(hub: Path, tools: Path) -> None:
    (tools / "configurable-http-proxy").unlink()
    if not (CONFIG.parent / "node_modules").is_dir():
        assert refused() == "The Hub has no proxy yet. Try: npm ci --prefix workshop"
    (tools / "node").unlink()
    assert "Install Node.js 18+" in refused()


def test_passwords_are_made_once_and_only_their_place_is_told(
    hub: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first, again = read().SharedPasswordAuthenticator, read().SharedPasswordAuthenticator
    assert first == again
    assert len(first.user_password) >= 8
    assert len(first.admin_password) >= 32  # JupyterHub asks for that
    said = capsys.readouterr().err
    assert str(hub / "password-teacher.txt") in said
    assert first.user_password not in said
    assert first.admin_password not in said
    for file in hub.glob("password-*"):
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(hub.stat().st_mode) == 0o700


def test_a_name_is_one_that_can_be_a_folder(hub: Path) -> None:
    fits = re.compile(read().Authenticator.username_pattern).match  # as JupyterHub asks
    assert all(map(fits, ("ada", "grace-hopper", "team_7")))
    assert not any(
        map(fits, ("..", ".", "a/b", "-x", "Ada", "a" * 33, "", "ada lovelace", "ada\n", "a<b>"))
    )


def test_every_setting_that_is_read_or_told_of_is_listed() -> None:
    _, about, code = CONFIG.read_text(encoding="utf-8").split('"""', 2)
    listed, read_ = {*SETTING.findall(about)}, {*SETTING.findall(code)}
    told = {*SETTING.findall(CONFIG.with_name("README.md").read_text(encoding="utf-8"))}
    assert read_ == listed
    assert told - listed == set()


def test_without_a_culler_it_says_that_servers_stay(
    hub: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    names = [service["name"] for service in read().JupyterHub.services]
    assert ("idle servers stay" in capsys.readouterr().err) == ("idle-culler" not in names)
