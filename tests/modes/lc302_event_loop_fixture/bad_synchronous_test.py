"""A synchronous test that runs the loop by hand."""

# name: event_loop
import asyncio


async def total(*prices):
    await asyncio.sleep(0)
    return sum(prices)


class TestTotal:
    def test_total(self, event_loop):  # LC302
        assert event_loop.run_until_complete(total(1, 2)) == 3
