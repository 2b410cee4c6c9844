"""Which containers are the application's, of a module or a fixture, to be counted between tests."""

import sys
from collections.abc import Iterator
from pathlib import Path
from unittest.mock import MagicMock, call

import pytest

from loopcheck.process.growing_containers import Grown

SHOP = """\
import enum
import unittest
from collections import deque

orders = []


class Kind(enum.Enum):
    TEA = 1


class Case(unittest.TestCase):
    _seen = deque()


class Shop:
    _open = {}
    prices = {"tea": 2}

    def __init__(self):
        self._tills = set()


shop = Shop()


class Model(type):
    def __init__(cls, name, bases, space):
        setattr(cls, "mod" + "el_fields", {})


class Order(metaclass=Model):
    lines = []
"""


class SimpleShop:
    """What a fixture passes on: it keeps orders, a mock, and another shop."""

    def __init__(self, inner: "SimpleShop | None") -> None:
        self.orders: list[str] = []
        self.bell, self.inner = MagicMock(), inner


@pytest.fixture
def grown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Grown]:
    (tmp_path / "growing_shop.py").write_text(SHOP)
    monkeypatch.syspath_prepend(tmp_path)
    found = Grown()
    found.new_modules.names()  # the tests' own modules have containers, too
    __import__("growing_shop")
    found.find()
    yield found
    del sys.modules["growing_shop"]


def test_what_an_enum_and_a_test_case_keep_for_themselves_is_left_out(grown: Grown) -> None:
    ways = {".".join(story.way) for story in grown.stories}
    assert ways == {
        "orders",
        "Case._seen",
        "Shop._open",
        "Shop.prices",
        "shop._tills",
        "Order.lines",
    }


def test_what_a_test_leaves_is_found_wherever_it_is_kept(grown: Grown) -> None:
    module = sys.modules["growing_shop"]
    grown.begin(1)
    grown.set_up()
    module.orders.append("tea")
    module.Shop._open["door"] = True
    module.shop._tills.add(1)
    grown.begin(2)
    assert {".".join(one.way) for one in grown.full()} == {"orders", "Shop._open", "shop._tills"}


def test_a_class_with_a_metaclass_and_what_takes_its_place_are_read(grown: Grown) -> None:
    module = sys.modules["growing_shop"]
    grown.begin(1)
    grown.set_up()
    module.Order.lines.append("tea")
    grown.begin(2)
    assert [full.way for full in grown.full()] == [("Order", "lines")]
    for name in ("Order", "Shop"):
        setattr(module, name, module.shop)
    grown.begin(3)
    assert [full.way for full in grown.full()] == []


class Definition:
    """A fixture, as far as it is looked at here."""

    argname = "shop"


def test_what_a_fixture_for_several_tests_keeps_is_found_and_forgotten_with_it() -> None:
    shop = SimpleShop(SimpleShop(None))
    found, definition = Grown(), Definition()
    found.fixture_up(definition, lambda: shop)
    found.begin(1)
    found.set_up()
    assert shop.inner is not None
    shop.inner.orders.append("tea")
    shop.bell("front")
    found.begin(2)
    left = {".".join(one.way): one.left for one in found.full()}
    assert left == {"shop.inner.orders": ("tea",), "shop.bell": (call("front"),)}
    shop.bell.reset_mock()
    found.set_up()
    assert [".".join(one.way) for one in found.full()] == ["shop.inner.orders"]
    found.fixture_down(definition)
    assert not found.stories
