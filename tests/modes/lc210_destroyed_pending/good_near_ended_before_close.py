"""The helper cancels what is left on its loop, and runs it once more, before it closes it."""

import asyncio
import gc


async def heartbeat(beats):
    while True:
        beats.append("beat")
        await asyncio.sleep(60)


async def serve(beats):
    asyncio.get_running_loop().create_task(heartbeat(beats))
    await asyncio.sleep(0.01)


def run(coroutine):
    loop = asyncio.new_event_loop()
    loop.run_until_complete(coroutine)
    left = asyncio.all_tasks(loop)
    for task in left:
        task.cancel()
    loop.run_until_complete(asyncio.gather(*left, return_exceptions=True))
    loop.close()


def test_the_heart_beats():
    beats = []
    run(serve(beats))
    gc.collect()
    assert beats == ["beat"]
