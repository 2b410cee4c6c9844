"""What `loopcheck attach` says where it may not look, and what to type instead."""

import os
import sys

import pytest

from loopcheck.attach import asking, target_process
from loopcheck.attach.asking import RefusedError
from loopcheck.attach.target_process import Target
from loopcheck.cli import attach as face

OWN = sys.version_info[:2]
PID = 4711


@pytest.mark.parametrize(
    ("known", "line"),
    [
        ({"same_user": False}, "Process 4711 belongs to another user. Try: sudo "),
        ({"is_python": False, "executable": "/bin/sh"}, "Process 4711 is /bin/sh, not Python."),
        ({"same_files": False}, "Try: docker exec CONTAINER python -m loopcheck attach PID"),
        ({"version": (3, 12)}, "Process 4711 runs Python 3.12 without `pytest --loopcheck`."),
        ({"version": (3, 99), "executable": "/x/python"}, "/x/python -m loopcheck attach 4711"),
    ],
)
def test_a_process_that_nothing_can_ask_gets_one_line(
    known: dict[str, object], line: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000, raising=False)
    monkeypatch.setattr(target_process, "read_status", lambda pid, name: "")
    monkeypatch.setattr(target_process, "quit_signal", lambda: 3)
    with pytest.raises(RefusedError) as refused:
        asking._refuse(Target(pid=PID, **known))  # type: ignore[arg-type]
    assert line in str(refused.value)
    assert "\n" not in str(refused.value)


def test_windows_has_no_other_way_than_a_new_python(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(target_process, "quit_signal", lambda: None)
    said = asking._too_old(PID, (3, 12))
    assert said.endswith("any process; Windows has no other way.")


@pytest.mark.parametrize(
    ("platform", "scope", "user", "words"),
    [
        ("linux", 1, 1000, "ptrace_scope is 1: only root may look into process 4711. Try: sudo "),
        ("linux", 3, 0, "until a restart. Try: pytest --loopcheck"),
        ("linux", 0, 0, "In a container, start it with --cap-add=SYS_PTRACE"),
        ("linux", 1, 0, "In a container, start it with --cap-add=SYS_PTRACE"),
        ("darwin", 0, 501, "macOS lets only root look into process 4711. Try: sudo "),
        ("win32", 0, 0, "Windows lets only an administrator look into process 4711."),
    ],
)
def test_missing_rights_get_the_way_out(
    platform: str, scope: int, user: int, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "platform", platform)
    monkeypatch.setattr(os, "geteuid", lambda: user, raising=False)
    monkeypatch.setattr(target_process, "debugging_scope", lambda: scope)
    said = asking._without_rights(Target(pid=PID, same_user=True))
    assert words in said
    assert "\n" not in said


@pytest.mark.parametrize(
    ("error", "words"),
    [
        ("Remote debugging is not enabled in the remote process", "needs no remote debugging"),
        ("Can't determine the Python version of the remote process", "runs another Python"),
        ("PyRuntime address lookup failed", "Process 4711 is no Python"),
        ("anything new", "loopcheck can't ask process 4711: anything new"),
    ],
)
def test_an_error_of_remote_exec_gets_one_line(error: str, words: str) -> None:
    assert words in asking._in_words(Target(pid=PID), error)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux shows which Python it is")
def test_linux_shows_which_python_runs_a_process() -> None:
    found = target_process.read(os.getpid())
    assert (found.version, found.is_python) == (OWN, True)
    assert (found.same_user, found.same_files) == (True, True)


def test_what_a_process_says_can_not_move_the_cursor(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    answer = {"text": "waits\n\x1b[2J at é", "json": {}, "workers": []}
    monkeypatch.setattr(asking, "ask", lambda pid: answer)
    assert face.once(PID, as_json=False) == 0
    assert capsys.readouterr().out == "waits\n\ufffd[2J at é\n"
