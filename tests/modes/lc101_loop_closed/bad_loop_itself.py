"""A loop for the whole module, closed by the first test that used it."""

# name: loop
import asyncio

loop = asyncio.new_event_loop()  # LC101


def run(coroutine):
    try:
        return loop.run_until_complete(coroutine)
    finally:
        coroutine.close()
        loop.close()


def test_one():
    assert run(asyncio.sleep(0, 1)) == 1


def test_two():
    assert run(asyncio.sleep(0, 2)) == 2
