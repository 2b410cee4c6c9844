import asyncio
import threading


def test_a_timer_of_the_same_loop_is_late():
    orders = asyncio.Queue()

    async def first_order():
        asyncio.get_running_loop().call_later(5, orders.put_nowait, "tea")
        return await asyncio.wait_for(orders.get(), 0.1)

    asyncio.run(first_order())


def test_a_thread_is_late():
    opened, seen = asyncio.Event(), threading.Event()

    async def main():
        loop = asyncio.get_running_loop()

        def open_it():
            seen.wait(5)
            loop.call_soon_threadsafe(opened.set)

        asyncio.ensure_future(asyncio.to_thread(open_it))
        try:
            await asyncio.wait_for(opened.wait(), 0.1)
        finally:
            seen.set()

    asyncio.run(main())
