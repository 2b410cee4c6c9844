"""The assertion is about what the handler of a missing TimeoutError would have noted."""

# name: traced
import asyncio
import unittest


async def traced(work, states):
    try:
        return await work
    except asyncio.CancelledError:  # LC207
        states.append("cancelled")


class TestTraced(unittest.TestCase):
    def test_a_limit_is_noticed(self):
        states, late = [], None

        async def main():
            nonlocal late
            try:
                await asyncio.wait_for(traced(asyncio.sleep(1), states), 0.01)
            except asyncio.TimeoutError as error:
                late = error

        asyncio.run(main())
        self.assertIsNotNone(late)
