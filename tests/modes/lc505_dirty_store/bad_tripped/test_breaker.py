"""All breakers share a class's dict: what the first test left refuses the second one's host."""

# name: Breaker.errors

import pytest
from breaker import Breaker, Refused


class Client:
    def __init__(self):
        self.breaker = Breaker()

    async def send(self, host, line):
        self.breaker.check(host)
        if line is None:
            self.breaker.failed(host)
            return "lost"
        return f"{line} to {host}"


@pytest.mark.asyncio
async def test_a_host_that_loses_lines_is_refused():
    client = Client()
    assert [await client.send("mail", None) for _ in range(2)] == ["lost", "lost"]
    with pytest.raises(Refused):
        await client.send("mail", "hello")


@pytest.mark.asyncio
async def test_a_line_is_sent():
    assert await Client().send("mail", "hello") == "hello to mail"
