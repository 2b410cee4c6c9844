"""A plain test runs the loop itself. The `else` says that the timeout did not come."""

import asyncio
from contextlib import suppress


async def fetch(read):
    rows = []
    with suppress(OSError, asyncio.CancelledError):  # LC207
        rows.append(await read())
    return rows


async def silent():
    await asyncio.get_running_loop().create_future()


# name: fetch
def test_a_fetch_has_a_limit():
    async def main():
        try:
            async with asyncio.timeout(0.05):
                await fetch(silent)
        except TimeoutError:
            pass
        else:
            raise AssertionError("no timeout")

    asyncio.run(main())
