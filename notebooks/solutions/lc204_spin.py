"""LC204 spin: the solution of the exercise, why it works, and one other good way.

What was wrong: `while not light.is_green: pass` never gives way. The test that would have turned
the light green had no turn, so the loop asked the same question for ever.

What changed: the second diff. `wait` gives the loop away, and whoever sets the event wakes the
tram. The first diff gives way too, so it ends where the light stays green. But it looks only now
and then, and a green that is over before the next look is lost. The new test tells them apart.

Another good way: let the light keep what happened instead of how it is now, in a queue or a
counter (`greens += 1`), or as a future that whoever drives gets for the next green. Choose it when
nobody may miss a green that came before the wait: an event that is cleared again forgets those.
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
