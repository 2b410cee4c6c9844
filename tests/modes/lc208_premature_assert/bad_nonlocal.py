"""A thread gives a name of the test's own another value, in a while."""

# name: done
import asyncio
import time

import pytest


@pytest.mark.asyncio
async def test_the_work_is_done():
    done = False

    def work():
        nonlocal done
        time.sleep(0.05)
        done = True

    asyncio.get_running_loop().run_in_executor(None, work)
    await asyncio.sleep(0)
    assert done  # LC208
