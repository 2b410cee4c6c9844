"""Whether a thread of a loop's own pool works at something is read off the pool."""

import asyncio
import threading

from loopcheck.process.waiting import busy_threads


def test_a_thread_of_the_loops_pool_is_at_work_until_it_waits_for_more() -> None:
    async def main() -> list[bool]:
        loop, go = asyncio.get_running_loop(), threading.Event()
        seen = [busy_threads.in_executor(loop)]  # there is no pool yet
        waits = loop.run_in_executor(None, go.wait, 60)
        seen.append(busy_threads.in_executor(loop))
        go.set()
        await waits
        idle = loop._default_executor._idle_semaphore  # type: ignore[attr-defined]
        assert idle.acquire(timeout=60)
        idle.release()
        return [*seen, busy_threads.in_executor(loop)]

    assert asyncio.run(main()) == [False, True, False]
