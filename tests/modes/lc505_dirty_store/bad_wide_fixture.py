"""Each test gets the same object of a module's fixture, and it keeps what the last test sent."""

# findings: 2
# name: outbox.sent
from unittest.mock import AsyncMock, call

import pytest
import pytest_asyncio


class Outbox:
    def __init__(self):
        self.sent = []

    async def send(self, text):
        self.sent.append(text)


class Mail:
    def __init__(self, post):
        self.post = post

    async def send(self, text):
        await self.post(text)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def outbox():  # LC505
    return Outbox()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def mail():  # LC505
    return Mail(AsyncMock())


@pytest.mark.asyncio
async def test_tea_is_sent(outbox, mail):
    await outbox.send("tea")
    await mail.send("tea")
    assert outbox.sent == ["tea"]


@pytest.mark.asyncio
async def test_milk_is_sent(outbox):
    await outbox.send("milk")
    assert outbox.sent == ["milk"]


@pytest.mark.asyncio
async def test_a_cake_is_mailed(mail):
    await mail.send("cake")
    assert mail.post.await_args_list == [call("cake")]


@pytest.mark.asyncio
async def test_jam_is_mailed(mail):
    await mail.send("jam")
    mail.post.assert_awaited_once_with("jam")
