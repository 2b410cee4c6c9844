"""A bridge is closed after each use and made anew; a test fails for a reason of its own."""

import asyncio


class Bridge:
    def __init__(self):
        self._loop = asyncio.new_event_loop()

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self._loop.close()

    def call(self, coroutine):
        return self._loop.run_until_complete(coroutine)


def test_ping():
    with Bridge() as bridge:
        assert bridge.call(asyncio.sleep(0, "pong")) == "pong"


def test_ping_again():
    with Bridge() as bridge:
        assert bridge.call(asyncio.sleep(0, "pong")) == "pong"
    assert not bridge._loop.is_closed()
