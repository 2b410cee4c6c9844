"""LC411 frozen-clock: the solution of the exercise, why it works, another good way.

What was wrong: the fixture replaced `monotonic` in the module `time`, which is one object for the
whole process. The ticket read the stopped clock, as it should. So did the event loop: it never saw
the time at which a sleep was due.

What changed: the fixture replaces the name `time` in the cloakroom. The new value has a
`monotonic` of its own, and nothing else reads it. The loop keeps the real clock, so the sleeps and
any limit end.

Another good way: a clock that is ahead, and moves on.

    real = time.monotonic
    monkeypatch.setattr(time, "monotonic", lambda: real() + clock.ahead)

Choose it where the code reads the time through many names. Then compare with some room: real time
passes, too. Best of all is code that takes the clock as an argument.
"""

from types import SimpleNamespace

import pytest
from cloakroom import Cloakroom


class Clock:
    now = 100.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock(monkeypatch):
    clock = Clock()
    monkeypatch.setattr("cloakroom.time", SimpleNamespace(monotonic=clock))
    return clock


@pytest.mark.asyncio
async def test_a_coat_comes_back_within_an_hour(clock):
    room = Cloakroom()
    ticket = await room.hang_up("blue coat")
    clock.now += 3599
    assert await room.fetch(ticket) == "blue coat"


@pytest.mark.asyncio
async def test_a_ticket_expires_after_an_hour(clock):
    room = Cloakroom()
    ticket = await room.hang_up("red coat")
    clock.now += 3600
    with pytest.raises(PermissionError):
        await room.fetch(ticket)
