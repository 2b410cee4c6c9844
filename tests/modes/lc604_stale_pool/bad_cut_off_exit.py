"""The limit ends a block, and then the exit of the block."""

# name: desk
import anyio
import pytest


class Desk:
    def __init__(self):
        self.visitors = []

    async def __aenter__(self):
        self.visitors.append("Ada")
        return self

    async def __aexit__(self, *error):
        await anyio.sleep(0)  # LC604
        self.visitors.clear()

    async def ask(self):
        await anyio.Event().wait()


@pytest.mark.asyncio
async def test_nobody_stays_at_the_desk():
    desk = Desk()
    with pytest.raises(TimeoutError):
        with anyio.fail_after(0.01):
            async with desk:
                await desk.ask()
    assert desk.visitors == []
