"""Which containers of a module are the application's, to be counted between tests."""

import sys
from collections.abc import Iterator
from pathlib import Path

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
