"""`make test-binder` waits for JupyterLab to listen, and leaves no process behind."""

import importlib.util
import os
import subprocess
import sys
import urllib.error
from pathlib import Path
from types import ModuleType

import pytest

SCRIPT = Path(__file__).resolve().parents[1] / "scripts" / "replay_binder.py"
# Like Jupyter: it prints its address, does more, and only then listens there.
LATE = """\
#!/usr/bin/env {python}
import http.server, signal, sys, threading
port = int(next(word for word in sys.argv if word.startswith("--port=")).partition("=")[2])
{first}
print(f"http://127.0.0.1:{{port}}/lab?token=abc", file=sys.stderr, flush=True)
threading.Event().wait(0.5)
http.server.test(HandlerClass=http.server.SimpleHTTPRequestHandler, port=port, bind="127.0.0.1")
"""


@pytest.fixture
def script(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    spec = importlib.util.spec_from_file_location("replay_binder", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setattr(module, "ENDS_WITHIN", 2.0)
    return module


def start(folder: Path, first: str = "") -> None:
    """Write a `binder/start` that runs *first*, prints an address and listens there later."""
    file = folder / "binder" / "start"
    file.parent.mkdir()
    file.write_text(LATE.format(python="python3", first=first))
    file.chmod(0o755)


def environment() -> dict[str, str]:
    return os.environ | {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}


def is_running(pid: int) -> bool:
    done = subprocess.run(
        ["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    return done.stdout.strip() not in ("", "Z")


@pytest.mark.parametrize(
    "first", ["", "signal.signal(signal.SIGTERM, signal.SIG_IGN)"], ids=["ends", "ignores SIGTERM"]
)
def test_it_waits_for_a_late_server_and_ends_it(
    script: ModuleType, tmp_path: Path, first: str
) -> None:
    noted = f"open({str(tmp_path / 'pid')!r}, 'w').write(str(__import__('os').getpid()))"
    start(tmp_path, f"{first}\n{noted}")
    with script._lab(tmp_path, environment()) as (address, token):
        assert token == "abc"
        assert "Directory listing" in script._get(address)
    assert not is_running(int((tmp_path / "pid").read_text()))


def test_nothing_is_left_when_the_page_never_comes(
    script: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(script, "ANSWERS_WITHIN", 0.0)
    noted = f"open({str(tmp_path / 'pid')!r}, 'w').write(str(__import__('os').getpid()))"
    start(tmp_path, noted)
    with pytest.raises(urllib.error.URLError), script._lab(tmp_path, environment()) as (address, _):
        script._get(address)
    assert not is_running(int((tmp_path / "pid").read_text()))
