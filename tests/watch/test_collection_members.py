"""Which members of a collection earlier tests added."""

import pytest

from loopcheck.watch.loops import LEDGER
from loopcheck.watch.stores import collection_members
from loopcheck.watch.stores.leftovers import STATE, Left

KEY = (("store", "localhost"), "board")
EARLIER, NOW = Left(1, None), Left(2, None)


@pytest.fixture(autouse=True)
def members(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(LEDGER, "moment", 2)
    monkeypatch.setattr(STATE, "moment", 2)
    monkeypatch.setattr(STATE, "members", {})


def note(left: Left, *args: object) -> None:
    collection_members.note(KEY, str(args[0]), args, left)


@pytest.mark.parametrize(
    "command",
    [
        ("ZADD", "board", 9, "kim", 4, b"max"),
        ("ZADD", "board", b"GT", "CH", 9, "kim", 4, "max"),
        ("HSET", "board", "kim", 9, "max", "4"),
    ],
)
def test_the_members_that_a_command_adds_are_known(command: tuple[object, ...]) -> None:
    note(EARLIER, *command)
    assert set(STATE.members[KEY]) == {"kim", "max"}


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("ZRANGE", [b"kim", "lea"]),
        ("ZREVRANGE", [("kim", 9.0), ("lea", 4.0)]),
        ("HGETALL", {"kim": "9", "lea": "4"}),
        ("ZCARD", 2),
    ],
)
def test_an_answer_has_members_of_earlier_tests(name: str, answer: object) -> None:
    note(EARLIER, "ZADD", "board", 9, "kim")
    note(NOW, "ZADD", "board", 4, "lea")
    assert set(collection_members.of_earlier_tests(KEY, name, answer)) == {"kim"}


def test_a_member_that_this_test_writes_again_is_its_own() -> None:
    note(EARLIER, "ZADD", "board", 9, "kim")
    note(NOW, "ZADD", "board", 5, "kim")
    assert not collection_members.of_earlier_tests(KEY, "ZRANGE", ["kim"])


def test_a_member_that_an_answer_lacks_is_not_found() -> None:
    note(EARLIER, "ZADD", "board", 9, "kim")
    assert not collection_members.of_earlier_tests(KEY, "ZRANGE", ["lea"])
