"""The test expects the timeout with a `try` of its own. The step turns each error into False."""

import asyncio

import pytest


class Machine:
    async def step(self, action):
        try:
            await action()
        except BaseException:  # LC207
            return False
        return True


async def never():
    await asyncio.Event().wait()


# name: Machine.step
@pytest.mark.asyncio
async def test_a_step_has_a_limit():
    try:
        await asyncio.wait_for(Machine().step(never), 0.05)
    except asyncio.TimeoutError:
        return
    pytest.fail("the step took all the time that it wanted")
