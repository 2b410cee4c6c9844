"""A plain test runs a coroutine of its own, whose tasks share a name of the function."""

import asyncio


# name: total
def test_sum():
    async def main():
        total = 0

        async def add(number):
            nonlocal total
            total = total + await half(number)  # LC211

        await asyncio.gather(*[add(number) for number in (2, 4, 6)])
        assert total == 6

    asyncio.run(main())


async def half(number):
    await asyncio.sleep(0)
    return number // 2
