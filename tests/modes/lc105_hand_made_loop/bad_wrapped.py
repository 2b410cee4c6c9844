"""The code under test hides what asyncio said."""

# name: asyncio.get_event_loop
import asyncio


class Feed:
    def __init__(self):
        try:
            self.loop = asyncio.get_event_loop()  # LC105
        except RuntimeError:
            raise OSError("no feed today") from None


def test_feed():
    asyncio.run(asyncio.sleep(0))
    assert Feed().loop
