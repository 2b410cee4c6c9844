"""A child ends with its command, in time, with Stop and with its owner; nobody stays behind."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from signs_of_life import Sign

from loopcheck.children.process_tree import MOST_OUTPUT, Child

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="named pipes and signals")

BOUND = 60.0  # seconds that anything here may take on a busy machine
STAYS = """
import os, sys, time
sign = open(sys.argv[1], "wb", buffering=0)  # held open by every process of the tree
if os.fork() == 0:
    os.setsid()  # out of the group, as a daemon would
sign.write(b"x")
time.sleep(600)
"""
LEAVES = """
import os, sys, time
ready, tell = os.pipe()
if os.fork() == 0:
    os.setsid()
    sign = open(sys.argv[1], "wb", buffering=0)
    sign.write(b"x")
    os.write(tell, b"x")
    time.sleep(600)
os.read(ready, 1)
os._exit(3)
"""


@pytest.fixture
def sign(tmp_path: Path) -> Iterator[Sign]:
    """Return a sign, closed at the end."""
    made = Sign(tmp_path / "sign", BOUND)
    yield made
    os.close(made.end)


def child(code: str, *args: str, folder: Path, seconds: float = BOUND) -> Child:
    """Return a running child that executes *code*."""
    return Child([sys.executable, "-c", code, *args], folder=folder, seconds=seconds, grace=0.05)


def test_output_comes_while_the_child_runs(tmp_path: Path) -> None:
    with child("print('a', flush=True); import time; time.sleep(600)", folder=tmp_path) as one:
        assert next(chunk for chunk in one.output() if chunk)[:1] == b"a"


def test_the_exit_code_is_told(tmp_path: Path) -> None:
    with child("raise SystemExit(7)", folder=tmp_path) as one:
        assert b"".join(one.output()) == b""
        assert (one.ended().why, one.ended().code) == ("exit", 7)


def test_output_is_cut_and_the_child_goes_on(tmp_path: Path) -> None:
    code = f"print('x' * {MOST_OUTPUT * 20}); raise SystemExit(7)"
    with child(code, folder=tmp_path) as one:
        assert len(b"".join(one.output())) == MOST_OUTPUT
        assert one.cut
        assert one.ended().code == 7


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a daemon cannot be adopted")
def test_a_deadline_ends_the_whole_tree(tmp_path: Path, sign: Sign) -> None:
    for seconds in (1, 5, 30):  # a busy machine may need more than a second for its start
        with child(STAYS, str(sign.path), folder=tmp_path, seconds=seconds) as one:
            signs = sign.read(2)
            assert list(filter(None, one.output())) == []
            assert one.ended().why == "timeout"
            assert sign.silent()
        if signs == b"xx":
            return
    raise AssertionError("the tree was never whole")


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a daemon cannot be adopted")
def test_leaving_the_block_ends_the_whole_tree(tmp_path: Path, sign: Sign) -> None:
    with (
        suppress(KeyboardInterrupt),
        child(STAYS, str(sign.path), folder=tmp_path, seconds=600),
    ):
        assert sign.read(2) == b"xx"
        raise KeyboardInterrupt
    assert sign.silent()


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a daemon cannot be adopted")
def test_what_a_command_leaves_behind_is_ended_and_counted(tmp_path: Path, sign: Sign) -> None:
    with child(LEAVES, str(sign.path), folder=tmp_path) as one:
        assert list(filter(None, one.output())) == []
        ended = one.ended()
        assert (ended.code, ended.left) == (3, 1)
    assert sign.read(2) == b"x"  # it was there, and is gone


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a daemon cannot be adopted")
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_a_guard_that_is_told_to_end_ends_the_whole_tree_first(
    tmp_path: Path, sign: Sign, how: signal.Signals
) -> None:
    with child(STAYS, str(sign.path), folder=tmp_path, seconds=600) as one:
        assert sign.read(2) == b"xx"
        one._guard.send_signal(how)
        assert one.ended().why == "stopped"
        assert sign.silent()


@pytest.mark.skipif(sys.platform != "linux", reason="the command goes with its guard there alone")
def test_what_a_killed_guard_leaves_is_ended_by_the_kernel(tmp_path: Path, sign: Sign) -> None:
    with child(STAYS.replace("os.setsid()", "pass"), str(sign.path), folder=tmp_path) as one:
        assert sign.read(2) == b"xx"
        one._guard.kill()
        assert list(filter(None, one.output())) == []
        assert one.ended().why == "stopped"
        assert sign.silent()


OWNER = """
import sys
from pathlib import Path
from loopcheck.children.process_tree import Child
Child([sys.executable, "-c", sys.argv[1], sys.argv[2]], folder=Path("."), seconds=600)
print("up", flush=True)
sys.stdin.read()
"""


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a daemon cannot be adopted")
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_the_tree_goes_with_its_owner(tmp_path: Path, sign: Sign, how: signal.Signals) -> None:
    owner = subprocess.Popen(
        [sys.executable, "-c", OWNER, STAYS, str(sign.path)],
        cwd=tmp_path,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    with owner:
        assert sign.read(2) == b"xx"
        owner.send_signal(how)
        assert sign.silent()


@pytest.mark.parametrize("fresh", [True, False])
def test_bytecode_is_kept_only_where_no_file_is_ever_replaced(
    fresh: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PYTHONDONTWRITEBYTECODE", raising=False)
    (tmp_path / "shop.py").write_text("")
    command = [sys.executable, "-c", "import shop"]
    with Child(command, folder=tmp_path, seconds=BOUND, fresh=fresh) as child:
        assert child.ended().code == 0
    assert (tmp_path / "__pycache__").exists() == fresh
