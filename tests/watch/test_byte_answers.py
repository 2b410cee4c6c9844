"""Answers in bytes that a test's clients got: the last to a command, by the client's pool."""

from loopcheck.watch.loops import LEDGER
from loopcheck.watch.stores import byte_answers


class Pool:
    pass


def test_the_last_answer_of_this_test_counts() -> None:
    mine, other = Pool(), Pool()
    byte_answers.note(mine, "GET", b"old")
    byte_answers.note(other, "GET", b"of another")
    byte_answers.note(mine, "HGET", b"of another command")
    byte_answers.note(mine, "GET", b"new")
    byte_answers.note(mine, "GET", 3)
    byte_answers.note(mine, "GET", b"x" * (byte_answers.LONGEST + 1))
    assert byte_answers.latest(mine, "GET") == b"new"
    assert byte_answers.latest(mine, "LPOP") is None
    assert byte_answers.latest(Pool(), "GET") is None
    byte_answers.clear()
    assert byte_answers.latest(mine, "GET") is None


def test_an_answer_of_an_earlier_test_is_over() -> None:
    mine = Pool()
    byte_answers.note(mine, "GET", b"old")
    LEDGER.moment += 1
    try:
        assert byte_answers.latest(mine, "GET") is None
    finally:
        LEDGER.moment -= 1
        byte_answers.clear()
