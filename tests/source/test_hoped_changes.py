"""What can still make a failed assert hold: more in what it reads, or less."""

import ast
from collections import OrderedDict
from dataclasses import dataclass
from typing import NamedTuple

import pytest

from loopcheck.source.values import hoped_changes


class Cache:
    def __init__(self) -> None:
        self.items = {"plum": 3}
        self.in_use = 1

    def has(self, key: str) -> bool:
        return key in self.items

    def lacks(self, key: str) -> bool:
        return not self.has(key)

    def either(self, key: str) -> bool:
        if key:
            return key in self.items
        return not self.items

    @property
    def empty(self) -> bool:
        return len(self.items) == 0

    def info(self) -> "Info":
        return Info(self.in_use, len(self.items))

    def usage(self) -> "Usage":
        return self.usage_now()

    def usage_now(self) -> "Usage":
        return Usage(entries=len(self.items))


class Info(NamedTuple):
    in_use: int
    entries: int


@dataclass
class Usage:
    entries: int


SPACE: dict[str, object] = {
    "cache": Cache(),
    "row": [1, 2],
    "some": {1},
    "many": OrderedDict(plum=object()),
    "Info": Info,
    "Usage": Usage,
}


@pytest.mark.parametrize(
    ("test", "useless"),
    [
        ("'fig' in cache.items", "removed"),
        ("'plum' not in cache.items", "added"),
        ("not 'plum' in cache.items", "added"),
        ("cache.has('fig')", "removed"),
        ("cache.has('plum') is False", "added"),
        ("cache.has('plum') == False", "added"),
        ("cache.lacks('plum')", "added"),
        ("not cache.lacks('fig')", "removed"),
        ("cache.either('plum')", ""),
        ("cache.empty", "added"),
        ("not cache.empty", "removed"),
        ("cache.in_use == 0", "added"),
        ("cache.in_use == 2", "removed"),
        ("cache.in_use > 1", "removed"),
        ("cache.in_use < 1", "added"),
        ("1 < cache.in_use", "removed"),
        ("len(row) == 0", "added"),
        ("row == []", "added"),
        ("row == [1, 2, 3]", "removed"),
        ("row == [1]", "added"),
        ("some == {1, 2}", "removed"),
        ("some == {2}", "added removed"),
        ("row[0] == 2", "added"),
        ("cache.items.get('plum') is None", "added"),
        ("row == [1, 2] and len(row) == 0", "added"),
        ("unknown(row)", ""),
        ("isinstance(row, str)", "added"),
        ("len(many) == 0", "added"),
        ("len(many) == 2", "removed"),
        ("cache.info() == Info(1, entries=0)", "added"),
        ("cache.info() == Info(in_use=1, entries=2)", "removed"),
        ("cache.info() == Info(0, 2)", "added removed"),
        ("cache.info() == (1, 0)", ""),
        ("cache.usage() == Usage(0)", "added"),
        ("cache.usage() == Info(1, 0)", ""),
    ],
)
def test_what_cannot_make_it_hold(test: str, useless: str) -> None:
    [step] = ast.parse(f"assert {test}").body
    assert sorted(hoped_changes.useless(step, SPACE)) == useless.split()


def test_only_an_assert_hopes() -> None:
    [step] = ast.parse("cache.items['fig']").body
    assert not hoped_changes.useless(step, SPACE)
