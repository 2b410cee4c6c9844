"""Sessions that hold fixtures: one that is ending takes nothing away from the next one."""

import sys
from concurrent import futures
from pathlib import Path
from types import ModuleType

import pytest

from loopcheck.magics.fixtures.held_pytest import HeldPytest, Origin

SLOW_END = """\
import threading
import pytest

going = threading.Event()

@pytest.fixture
def ready(): return 1

def pytest_unconfigure():
    going.wait(20)
"""


@pytest.fixture(autouse=True)
def no_conftest_yet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "conftest", raising=False)


def held(folder: Path, text: str) -> HeldPytest:
    """Return a session of a conftest.py, not yet begun."""
    folder.mkdir()
    (folder / "conftest.py").write_text(text)
    return HeldPytest(Origin(folder, f"{folder.name}/conftest.py"))


def test_a_session_begins_when_the_one_before_has_put_all_back(tmp_path: Path) -> None:
    first, next_one = held(tmp_path / "first", SLOW_END), held(tmp_path / "next", "")
    first.start().result(30)
    going = sys.modules["conftest"].going
    first.end()
    ready = next_one.start()
    futures.wait([ready], timeout=1)  # a busy machine may be slower: then nothing is shown here
    before = ready.done()
    going.set()
    ready.result(30)
    assert not before
    assert first.over.done()
    assert sys.modules["conftest"].__file__ == str(tmp_path / "next" / "conftest.py")
    next_one.end().result(30)
    assert "conftest" not in sys.modules


def test_a_session_leaves_a_module_alone_that_has_come_in_place_of_its_own(tmp_path: Path) -> None:
    one = held(tmp_path / "one", "")
    one.start().result(30)
    sys.modules["conftest"] = other = ModuleType("conftest")
    one.end().result(30)
    assert sys.modules.pop("conftest") is other
