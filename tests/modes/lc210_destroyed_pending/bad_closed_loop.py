"""A helper closes its loop while a task is pending: the loop lets go of it without an end."""

# name: heartbeat

import asyncio
import gc


async def heartbeat(beats):
    while True:
        beats.append("beat")
        await asyncio.sleep(60)  # used


async def serve(beats):
    asyncio.get_running_loop().create_task(heartbeat(beats))  # LC210
    await asyncio.sleep(0.01)


def run(coroutine):
    loop = asyncio.new_event_loop()
    loop.run_until_complete(coroutine)
    loop.close()


def test_the_heart_beats():
    beats = []
    run(serve(beats))
    gc.collect()
    assert beats == ["beat"]
