"""The script that a process runs for us: run here, beside a loopcheck of its own."""

import gc
import json
import signal
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from types import FrameType

import pytest

import loopcheck
from loopcheck.attach import injected_script

needs_alarm = pytest.mark.skipif(not hasattr(signal, "SIGALRM"), reason="there is no SIGALRM here")
OTHER = """\
import signal, sys
import loopcheck
from loopcheck.labels import Labels

def answer():
    {does}
    return {{"root": str(Labels("root").root), "own": loopcheck.OWN}}
"""


class TimeoutOfATest(BaseException):
    pass


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """Return another loopcheck: not the one that is imported here."""
    made = tmp_path / "other" / "loopcheck"
    (made / "attach").mkdir(parents=True)
    (made / "__init__.py").write_text("OWN = 1\n")
    (made / "labels.py").write_text(
        "class Labels:\n    def __init__(self, root): self.root = root\n"
    )
    (made / "attach" / "__init__.py").write_text("")
    return made


@pytest.fixture
def raises() -> Iterator[None]:
    def handler(number: int, frame: FrameType | None) -> None:
        raise TimeoutOfATest

    before = signal.signal(signal.SIGALRM, handler)
    yield
    signal.signal(signal.SIGALRM, before)


def run(package: Path, folder: Path, does: str = "pass") -> dict[str, object]:
    """Run the script as Python does: with names of its own, which go with it."""
    (package / "attach" / "visit.py").write_text(OTHER.format(does=does))
    source = Path(injected_script.write(str(folder))).read_text()
    exec(source.replace(repr(injected_script.PACKAGE), repr(str(package))), {})
    said: dict[str, object] = json.loads((folder / injected_script.ANSWER).read_text())
    return said


def test_it_looks_with_its_own_loopcheck_and_leaves_that_of_the_process(
    package: Path, tmp_path: Path
) -> None:
    before = dict(sys.modules), list(sys.path), set(sys.path_importer_cache)
    assert run(package, tmp_path) == {"root": "root", "own": 1}
    after = dict(sys.modules), list(sys.path), set(sys.path_importer_cache)
    assert after == before
    assert sys.modules["loopcheck"] is loopcheck


def test_an_error_in_the_look_is_an_answer(package: Path, tmp_path: Path) -> None:
    assert run(package, tmp_path, "raise SystemExit(3)") == {"error": "SystemExit: 3"}


def test_a_folder_that_has_gone_is_no_error(package: Path, tmp_path: Path) -> None:
    (folder := tmp_path / "gone").mkdir()
    with pytest.raises(FileNotFoundError, match=injected_script.ANSWER):  # of `run`, which reads it
        run(package, folder, f"import shutil; shutil.rmtree({str(folder)!r})")


@needs_alarm
@pytest.mark.usefixtures("raises")
def test_a_signal_during_the_look_reaches_the_process_after_it(
    package: Path, tmp_path: Path
) -> None:
    handler = signal.getsignal(signal.SIGALRM)
    gc.disable()  # the script's names go without a collection
    try:
        with pytest.raises(TimeoutOfATest):
            run(package, tmp_path, "signal.raise_signal(signal.SIGALRM)")
    finally:
        gc.enable()
    assert json.loads((tmp_path / injected_script.ANSWER).read_text()) == {"root": "root", "own": 1}
    assert signal.getsignal(signal.SIGALRM) is handler


def test_a_tracer_sees_none_of_it(package: Path, tmp_path: Path) -> None:
    seen: set[str] = set()

    def tracer(frame: FrameType, event: str, argument: object) -> None:
        seen.add(frame.f_code.co_filename)

    before = sys.gettrace()
    sys.settrace(tracer)
    try:
        run(package, tmp_path)
        assert sys.gettrace() is tracer
    finally:
        sys.settrace(before)
    assert seen
    assert not [one for one in seen if one.startswith(str(package))]


def test_it_starts_no_thread_and_writes_no_bytecode(package: Path, tmp_path: Path) -> None:
    threads = threading.active_count()
    run(package, tmp_path)
    assert threading.active_count() == threads
    assert not list(package.rglob("*.pyc"))
