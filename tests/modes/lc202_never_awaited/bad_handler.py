"""An `async def` is given to what calls it and awaits nothing."""

# name: remember
import pytest

pytestmark = pytest.mark.asyncio


class Bus:
    def __init__(self):
        self.handlers = []

    def emit(self, said):
        for handler in self.handlers:
            handler(said)  # LC202


async def test_a_handler():
    seen = []

    async def remember(said):
        seen.append(said)

    bus = Bus()
    bus.handlers.append(remember)
    bus.emit("tea")
    assert seen == ["tea"]
