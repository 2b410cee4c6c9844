"""Generated code calls the method: no call on the line of the test is known to be that one."""

# name: Client.send
import pytest

SENT = []
SPACE = {}
exec("def deliver(client, text):\n    client.send(text)\n", SPACE)


class Client:
    async def send(self, text):
        SENT.append(text)


@pytest.mark.asyncio
async def test_deliver():
    SPACE["deliver"](Client(), "hello")  # LC202
    assert SENT == ["hello"]
