"""LC204 spin: the solution of the exercise, why it works, and one other good way.

What was wrong: `while not light.is_green: pass` never yields to the event loop. The test that would
have turned the light green never ran, so the `while` checked the same condition forever.

What changed: the second diff. `wait` yields to the loop, and setting the event wakes the tram. The
first diff yields too, so it ends if the light stays green. But it only looks from time to time, and
misses a green that is over before the next look. The new test tells them apart.

Another good way: let the light record what happened instead of its current state. Use a queue, a
counter (`greens += 1`), or a future that a driver gets for the next green. Choose it when a driver
must not miss a green that came before the wait: an event that is cleared again forgets those.
"""

import asyncio

import pytest
from light import Light

pytestmark = pytest.mark.asyncio


async def drive(light, log):
    await light.went_green.wait()
    log.append("tram")


async def test_the_tram_goes_when_the_light_is_green():
    light, log = Light(), []
    tram = asyncio.create_task(drive(light, log))
    await asyncio.sleep(0.01)
    log.append("green")
    light.green()
    await tram
    assert log == ["green", "tram"]


async def test_a_short_green_is_enough():
    light, log = Light(), []
    tram = asyncio.create_task(drive(light, log))
    await asyncio.sleep(0.01)
    light.green()
    light.red()
    async with asyncio.timeout(0.5):
        await tram
    assert log == ["tram"]
