"""A function in the function cancels its caller, and notes that in a variable of both."""

import asyncio
import unittest


async def at_once(work):
    caller, late = asyncio.current_task(), False

    def expire():
        nonlocal late
        late = True
        caller.cancel()  # LC207

    asyncio.get_running_loop().call_soon(expire)
    try:
        return await work
    except asyncio.CancelledError:
        if late:
            raise LookupError("not found at once")
        raise


# name: at_once
class TestSearch(unittest.IsolatedAsyncioTestCase):
    async def test_a_search_is_cancelled(self):
        task = asyncio.create_task(at_once(asyncio.sleep(3600)))
        asyncio.get_running_loop().call_soon(task.cancel)
        with self.assertRaises(asyncio.CancelledError):
            await task
