import anyio
import pytest


class Line:
    def __init__(self):
        self.state, self.lock = "new", anyio.Lock()

    async def send(self, text):
        self.state = "busy"
        try:
            await anyio.sleep(len(text))
        except BaseException as error:
            with anyio.CancelScope(shield=True):
                await self.hang_up()
            raise error

    async def hang_up(self):
        async with self.lock:
            self.state = "closed"

    def is_closed(self):
        return self.state == "closed"


@pytest.mark.asyncio
async def test_a_late_call_closes_the_line():
    line = Line()
    with anyio.move_on_after(0.01):
        await line.send("hello, is anybody there?")
    assert line.is_closed()
