"""Who may ask a run, and what its socket leaves behind: nothing."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from loopcheck.attach import answer_socket
from loopcheck.attach.answer_socket import AnswerSocket

pytestmark = pytest.mark.skipif(not hasattr(signal, "SIGQUIT"), reason="there is no SIGQUIT here")
NOBODY = 65_534
CONNECTS = """\
import os, socket, sys
os.setgid({user}); os.setuid({user})
made = socket.socket(socket.AF_UNIX)
made.connect(b"\\0loopcheck-attach-{pid}")
print("connected", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def run() -> Iterator[AnswerSocket]:
    made = AnswerSocket()
    made.open()
    yield made
    made.close()


def test_who_asks_gets_the_answer_and_then_the_end(run: AnswerSocket) -> None:
    asker = answer_socket.connect(os.getpid())
    assert asker is not None
    [taken] = run.take()
    answer_socket.send(taken, {"text": "it waits"})
    with asker:
        assert asker.recv(100) == b'{"text": "it waits"}'
        assert asker.recv(100) == b""


def test_without_a_question_nothing_is_taken_and_nothing_waits(run: AnswerSocket) -> None:
    assert run.take() == []


def test_an_asker_that_has_gone_harms_nobody(run: AnswerSocket) -> None:
    asker = answer_socket.connect(os.getpid())
    assert asker is not None
    asker.close()
    for taken in run.take():
        answer_socket.send(taken, {"text": "x" * 1_000_000})


def test_one_that_never_reads_holds_the_run_up_only_for_a_moment(
    run: AnswerSocket, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answer_socket, "PATIENCE", 0.05)
    asker = answer_socket.connect(os.getpid())
    assert asker is not None
    with asker:
        [taken] = run.take()
        answer_socket.send(taken, {"text": "x" * 10_000_000})
        assert taken.fileno() == -1


@pytest.mark.skipif(
    sys.platform != "linux" or os.geteuid() != 0, reason="only root can be another user"
)
def test_another_user_gets_no_answer(run: AnswerSocket) -> None:
    other = subprocess.Popen(
        [sys.executable, "-c", CONNECTS.format(user=NOBODY, pid=os.getpid())],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert other.stdout is not None
    assert other.stdout.readline() == "connected\n"
    assert run.take() == []
    other.communicate(timeout=30)


def test_after_the_run_nobody_listens(run: AnswerSocket) -> None:
    run.close()
    assert answer_socket.connect(os.getpid()) is None


def test_where_names_are_files_the_folder_is_private_and_goes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = Path(os.path.relpath(tmp_path / "loopcheck-1"))  # short: a name has 104 characters
    monkeypatch.setattr(answer_socket, "address", lambda pid: f"{folder}/{pid}.sock")
    made = AnswerSocket()
    made.open()
    assert made.listening is not None
    assert folder.stat().st_mode & 0o777 == 0o700
    asker = answer_socket.connect(os.getpid())
    assert asker is not None
    asker.close()
    made.close()
    assert not folder.exists()


def test_a_folder_that_others_may_enter_is_not_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = Path(os.path.relpath(tmp_path / "loopcheck-1"))
    folder.mkdir()
    folder.chmod(0o777)
    monkeypatch.setattr(answer_socket, "address", lambda pid: f"{folder}/{pid}.sock")
    made = AnswerSocket()
    made.open()
    assert made.listening is None
    assert list(folder.iterdir()) == []


def test_a_name_that_somebody_else_took_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket(socket.AF_UNIX) as taken:
        taken.bind(name := b"\0loopcheck-attach-test-%d" % os.getpid())
        taken.listen(1)
        monkeypatch.setattr(answer_socket, "address", lambda pid: name)
        assert answer_socket.connect(os.getppid()) is None
