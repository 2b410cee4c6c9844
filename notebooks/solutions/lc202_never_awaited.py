"""LC202 never-awaited: the solution of the exercise, why it works, and one other good way.

What was wrong: seven calls of `async def` methods stood in the tests without an `await`. Each made
a coroutine and dropped it. Two kinds of line hid it well. `assert museum.is_locked("north")` asks
whether there *is* a coroutine, and there is. `museum.alarm() != []` compares a coroutine with a
list, and they differ. So the tests were green, and would have been green without any lock.

What changed: an `await` in front of each call. The line with `all` needed more: an `await` inside
of `all(… for …)` makes an async generator, which `all` cannot read. In square brackets it is a
list, made by the test itself, and `all` gets plain values. And the alarm now has to name the door
that is open, so that a wrong answer is noticed, too.

Another good way: lock all doors at the same time and ask all sensors at the same time, with
`await asyncio.gather(*(museum.lock(door) for door in museum.doors))`. What is awaited then is the
gathering, and it waits for every one of its coroutines. Without that `await` it would be the same
fault again, and a quieter one: nobody warns about a task.
"""

import pytest
from museum import Museum

pytestmark = pytest.mark.asyncio


async def test_one_door_is_locked_and_the_other_open():
    museum = Museum("north", "south")
    await museum.lock("north")
    assert await museum.is_locked("north")
    assert await museum.is_open("south")


async def test_at_night_every_door_is_locked():
    museum = Museum("north", "south")
    for door in museum.doors:
        await museum.lock(door)
    assert all([await museum.is_locked(door) for door in museum.doors])


async def test_the_alarm_names_an_open_door():
    museum = Museum("north", "south")
    await museum.lock("north")
    assert await museum.alarm() == ["south"]
