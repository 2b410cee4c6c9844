"""A client makes an error of its own of each failure to connect, cancellations included."""

# name: Client.connect
import asyncio

import pytest


class ConnectError(Exception):
    pass


class Client:
    def __init__(self, ready):
        self.ready, self.state = ready, "new"

    async def connect(self):
        try:
            await self.ready.wait()
        except (Exception, asyncio.CancelledError) as error:  # LC207
            self.state = "broken"
            raise ConnectError("no connection") from error
        self.state = "connected"


@pytest.mark.asyncio
async def test_a_cancelled_connect_is_cancelled():
    client = Client(asyncio.Event())
    connecting = asyncio.create_task(client.connect())
    await asyncio.sleep(0)
    connecting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await connecting
