"""A double in place is named, with the names that it does not reach."""

import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType, SimpleNamespace
from unittest import mock

import pytest

from loopcheck.labels import Labels
from loopcheck.process.patches.active_patches import read_patches
from loopcheck.records import PatchRecord, Place

Load = Callable[[str, str], ModuleType]
Read = Callable[..., tuple[PatchRecord, ...]]

STORE = """
client = None

async def get_client():
    return client

class Store:
    limit = 3
    async def get(self): pass
"""


@pytest.fixture
def store(load: Load) -> ModuleType:
    return load("store", STORE)


@pytest.fixture
def service(load: Load, store: ModuleType) -> ModuleType:
    return load("service", "from store import get_client\nfrom asyncio import sleep\n")


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Read the patches of the user's modules alone: pytest's own are not this test's."""

    def look(item: object | None = None, deep: bool = False) -> tuple[PatchRecord, ...]:
        return read_patches(Labels(tmp_path.as_posix()), item, deep=deep)

    return look


def test_without_patches_there_is_nothing_to_tell(read: Read) -> None:
    assert read() == ()


def test_a_started_patch_is_named_with_its_double(read: Read, service: ModuleType) -> None:
    patch = mock.patch("service.get_client")
    patch.start()
    try:
        [found] = read()
    finally:
        patch.stop()
    assert (found.target, found.by) == ("service.get_client", "unittest.mock")
    assert found.double == "unittest.mock.AsyncMock"
    assert found.missed == ()  # `store` defines it: that is no copy
    assert read() == ()


def test_a_module_that_imported_the_original_is_missed(read: Read, service: ModuleType) -> None:
    with mock.patch("store.get_client"):
        [found] = read(deep=True)
    assert (found.target, found.missed) == ("store.get_client", ("service.get_client",))


def test_a_patched_sleep_is_not_reached_by_from_imports(read: Read, service: ModuleType) -> None:
    with mock.patch("asyncio.sleep"):
        [found] = read(deep=True)
    assert (found.target, found.missed) == ("asyncio.sleep", ("service.sleep",))


def test_only_the_heap_knows_of_a_with_block(read: Read, store: ModuleType) -> None:
    with mock.patch("store.get_client"):
        assert read() == ()
        assert [one.target for one in read(deep=True)] == ["store.get_client"]
    assert read(deep=True) == ()


def test_a_decorated_function_is_patched_while_it_runs(read: Read, store: ModuleType) -> None:
    @mock.patch("store.get_client", new=None)
    def run() -> tuple[PatchRecord, ...]:
        return read(deep=True)

    assert [(one.target, one.double) for one in run()] == [("store.get_client", "NoneType")]
    assert read(deep=True) == ()


def test_attributes_of_classes_and_objects_are_named(
    read: Read, load: Load, store: ModuleType
) -> None:
    load("shop", "from store import Store\nkept = Store()\n")
    nameless = store.Store()
    with (
        mock.patch.object(store.Store, "get"),
        mock.patch.object(sys.modules["shop"].kept, "limit", 1),
        mock.patch.object(nameless, "limit", 2),
    ):
        found = {one.target: one.double for one in read(deep=True)}
    assert found == {
        "store.Store.get": "unittest.mock.AsyncMock",
        "shop.kept.limit": "int",
        "store.Store().limit": "int",
    }


def test_an_original_that_is_none_counts_as_patched(read: Read, store: ModuleType) -> None:
    with mock.patch("store.client"):
        assert [one.target for one in read(deep=True)] == ["store.client"]


def test_a_patch_that_was_never_entered_is_not_there(read: Read) -> None:
    patch = mock.patch("not_loaded_yet.thing")
    assert read(deep=True) == ()
    assert "not_loaded_yet" not in sys.modules
    assert patch is not None


def test_a_module_replaced_in_one_module_misses_nobody(read: Read, load: Load) -> None:
    load("poller", "import asyncio\n")
    load("other", "import asyncio\n")
    with mock.patch("poller.asyncio", SimpleNamespace()):
        [found] = read(deep=True)
    assert (found.target, found.missed) == ("poller.asyncio", ())


# monkeypatch


def test_the_monkeypatch_of_the_running_test_is_read(read: Read, service: ModuleType) -> None:
    monkey = pytest.MonkeyPatch()
    monkey.setattr("store.get_client", lambda: None)
    item = SimpleNamespace(funcargs={"monkeypatch": monkey, "other": 3})
    found = read(item)
    monkey.undo()
    [one] = found
    assert (one.target, one.by, one.double) == ("store.get_client", "monkeypatch", "function")
    assert one.missed == ("service.get_client",)
    assert read(item) == ()


def test_other_monkeypatches_are_found_in_the_heap_without_pytests_own(
    read: Read, store: ModuleType
) -> None:
    with pytest.MonkeyPatch.context() as monkey:
        monkey.setattr(store, "client", object())
        assert [one.target for one in read(deep=True)] == ["store.client"]


def test_what_was_set_in_the_environment_is_never_shown(read: Read, store: ModuleType) -> None:
    with pytest.MonkeyPatch.context() as monkey:
        monkey.setenv("API_TOKEN", "hunter2")
        monkey.setattr(store, "client", "valkey://:hunter2@host")
        found = read(deep=True)
    assert len(found) == 1
    assert "hunter2" not in str(found)


# The line


DEPOT = "def fetch(): pass\ndef send(): pass\nclass Truck:\n    def go(self): pass\n"
TESTS = """
from unittest.mock import patch
import depot as where

def with_text(look):
    with patch("depot.fetch"):
        return look()

def with_object(look):
    with patch.object(where, "send"):
        return look()

def with_monkeypatch(look, monkeypatch):
    monkeypatch.setattr(where, "Truck", None)
    return look()

def twice(look):
    with patch("depot.Truck.go"): pass
    with patch("depot.Truck.go"):
        return look()
"""


def test_the_one_line_that_patches_is_named(read: Read, load: Load) -> None:
    load("depot", DEPOT)
    tests = load("test_depot", TESTS)

    def look() -> tuple[PatchRecord, ...]:
        return read(deep=True)

    with pytest.MonkeyPatch.context() as monkey:
        found = [*tests.with_text(look), *tests.with_object(look), *tests.twice(look)]
        found += tests.with_monkeypatch(look, monkey)
    assert {one.target: one.made_at for one in found} == {
        "depot.fetch": Place("test_depot.py", 5),
        "depot.send": Place("test_depot.py", 9),
        "depot.Truck": Place("test_depot.py", 13),
        "depot.Truck.go": None,  # two lines say so
    }


def test_reading_changes_no_mock_and_imports_nothing(read: Read, store: ModuleType) -> None:
    with mock.patch("store.get_client") as double:
        before = set(vars(double)), set(double._mock_children), set(sys.modules)
        read(deep=True)
        assert (set(vars(double)), set(double._mock_children), set(sys.modules)) == before
        assert double.mock_calls == []
