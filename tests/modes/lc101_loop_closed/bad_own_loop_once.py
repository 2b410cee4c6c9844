"""The bridge is good for one call only: that closes its loop."""

# name: bridge
import asyncio


class Bridge:
    def __init__(self):
        self._loop = asyncio.new_event_loop()

    def call(self, coroutine):
        try:
            return self._loop.run_until_complete(coroutine)
        finally:
            coroutine.close()
            self._loop.close()  # LC101


bridge = Bridge()


def test_ping():
    assert bridge.call(asyncio.sleep(0, "pong")) == "pong"


def test_ping_again():
    assert bridge.call(asyncio.sleep(0, "pong")) == "pong"
