"""The watch of patches sees what is undone, keeps nothing alive, and leaves as it came."""

import gc
import subprocess
import sys
import weakref
from collections.abc import Iterator
from types import ModuleType
from unittest.mock import patch

import pytest

from loopcheck.process.patches.replaced import Entry
from loopcheck.watch import patches


@pytest.fixture(autouse=True)
def watched() -> Iterator[None]:
    undo = patches.install()
    patches.begin()
    yield
    undo()


@pytest.fixture
def shop() -> ModuleType:
    module = ModuleType("shop")
    module.price = lambda: 3  # type: ignore[attr-defined]
    return module


def seen() -> list[Entry]:
    return [one for one in patches.seen(iter(())) if one.attribute == "price"]


def test_a_patch_that_an_error_undid_is_known_with_its_line(shop: ModuleType) -> None:
    with pytest.raises(KeyError) as failed, patch.object(shop, "price"):
        raise KeyError
    [entry] = seen()
    assert entry.over
    assert entry.error == id(failed.value)
    assert entry.original() is shop.price
    assert entry.site is not None
    assert (entry.site[0], entry.site[2]) == (
        __file__,
        "test_a_patch_that_an_error_undid_is_known_with_its_line",
    )


def test_one_in_place_counts_the_calls_of_its_mock(shop: ModuleType) -> None:
    with patch.object(shop, "price") as double:
        shop.price()
        [entry] = seen()
        assert not entry.over
        assert entry.double() is double
        assert entry.calls == 1


def test_a_monkeypatch_is_known_while_it_holds(
    shop: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    original = shop.price
    monkeypatch.setattr(shop, "price", lambda: 4)
    [entry] = seen()
    assert entry.by == "monkeypatch"
    assert entry.original() is original
    assert entry.site is not None
    assert entry.site[2] == "test_a_monkeypatch_is_known_while_it_holds"


def test_what_was_undone_is_forgotten_when_the_next_test_begins(shop: ModuleType) -> None:
    with patch.object(shop, "price"):
        pass
    assert seen()
    patches.begin()
    assert not seen()


def test_no_double_lives_longer_for_being_noted(shop: ModuleType) -> None:
    with patch.object(shop, "price") as double:
        gone = weakref.ref(double)
    del double
    gc.collect()
    assert gone() is None
    assert seen()[0].double() is None


def test_the_last_undo_leaves_the_classes_as_they_were() -> None:
    script = """
from unittest.mock import _patch
import types
import pytest
from loopcheck.watch import patches
methods = lambda: [vars(_patch)["__enter__"], vars(_patch)["__exit__"],
                   vars(pytest.MonkeyPatch)["setattr"], vars(pytest.MonkeyPatch)["undo"]]
before, shop = methods(), types.SimpleNamespace(price=3)
first, second = patches.install(), patches.install()
with pytest.MonkeyPatch.context() as patched:
    patched.setattr(shop, "price", 4)
hooked = methods()
first()
assert methods() == hooked and all(a is not b for a, b in zip(before, hooked))
second()
assert methods() == before
"""
    subprocess.run([sys.executable, "-c", script], check=True, timeout=60)


def test_a_patch_of_what_is_not_there_says_so(shop: ModuleType) -> None:
    with patch.object(shop, "price", create=True), patch.object(shop, "cost", create=True):
        added = {one.attribute: one.added for one in patches.seen(iter(()))}
    assert added["cost"]
    assert not added["price"]
