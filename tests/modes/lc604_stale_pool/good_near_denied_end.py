"""Assertions that fail about what is open, and no line of theirs has ended it out of turn."""

import pytest

pytestmark = pytest.mark.asyncio


class Refused(Exception):
    """Raised by what can't end yet."""


class Line:
    def __init__(self):
        self.closed, self.users = False, 1

    def close(self):
        self.closed = True


class Shared(Line):
    def close(self):
        self.users -= 1
        if self.users < 1:
            self.closed = True


class Busy(Line):
    def close(self):
        self.closed = True  # a bug: it should have asked first
        if self.users:
            raise Refused


class Told(Line):
    def receive(self, text):
        self.closed = text == "bye"


async def test_the_last_user_leaves_later():
    line = Shared()
    line.close()
    assert not line.closed


async def test_one_that_two_lines_close():
    line = Line()
    line.close()
    assert not line.closed
    line.close()
    assert line.closed


async def test_a_refusal():
    line = Busy()
    with pytest.raises(Refused):
        line.close()
    assert not line.closed


async def test_what_the_other_side_says():
    line = Told()
    line.receive("bye")
    assert not line.closed


async def test_another_one():
    first, second = Line(), Told()
    second.receive("bye")
    first.close()
    assert not second.closed


async def test_that_it_is_closed():
    line = Line()
    line.close()
    line.closed = False
    assert line.closed


async def test_its_users():
    line = Line()
    line.close()
    assert line.users == 0
