"""The names that a test may come to: through helpers and classes, and never too few."""

from collections.abc import Callable
from pathlib import Path

import pytest

from loopcheck.source.coroutines import reachable_functions

HUB = """
class Hub:
    def __init__(self):
        connect()

    def attach(self, name):
        create_task(watch(name))

    def attach_many(self, names):
        ensure_future(watch(names))


def begin(hub):
    hub.attach_many([])
"""
Names = Callable[[str], frozenset[str] | None]


@pytest.fixture
def names(tmp_path: Path) -> Names:
    """Return what gives the names that a `test` of this text comes to, which imports `HUB`."""

    def read(text: str) -> frozenset[str] | None:
        (tmp_path / "hub.py").write_text(HUB)
        (tmp_path / "test_hub.py").write_text(text)
        files = [str(tmp_path / "hub.py"), str(tmp_path / "test_hub.py")]
        space: dict[str, Callable[[], None]] = {}
        exec("def test(): pass", space)
        return reachable_functions.names(space["test"].__code__, (), files)

    return read


def test_what_is_called_through_others_is_known(names: Names) -> None:
    found = names("def test():\n    begin(Hub())")
    assert found is not None
    assert {"begin", "attach_many", "connect"} <= found
    assert "attach" not in found


def test_another_name_of_an_import_is_followed(names: Names) -> None:
    found = names("from hub import begin as start\ndef test():\n    start()")
    assert found is not None
    assert "attach_many" in found


def test_what_a_decorator_may_have_handed_on_is_counted(names: Names) -> None:
    route = "@app.get('/')\ndef home():\n    hub.attach('a')\n\n"
    found = names(f"{route}def test():\n    client.get('/')")
    assert found is not None
    assert "attach" in found


def test_what_is_looked_up_by_its_text_leaves_it_open(names: Names) -> None:
    assert names("def test():\n    getattr(hub, kind)()") is None
