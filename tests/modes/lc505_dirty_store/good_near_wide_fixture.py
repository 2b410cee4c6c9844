"""Tests share an object on purpose, or empty it; what fails is no work of another test."""

import contextlib
from unittest.mock import AsyncMock, call

import pytest
import pytest_asyncio


class Outbox:
    def __init__(self):
        self.mailer = AsyncMock()
        self.sent = []

    async def send(self, text):
        self.sent.append(text)
        await self.mailer(text)
        await self.mailer(text)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def outbox():
    return Outbox()


@pytest.fixture(autouse=True)
def forget(outbox):
    outbox.mailer.reset_mock()


@pytest.mark.asyncio
async def test_tea_is_sent(outbox):
    await outbox.send("tea")
    assert outbox.sent[-1] == "tea"


@pytest.mark.asyncio
async def test_it_is_mailed_once(outbox):
    await outbox.send("milk")
    outbox.mailer.assert_awaited_once_with("milk")  # fails: the code mails it twice


@pytest.mark.asyncio
async def test_its_calls(outbox):
    await outbox.send("cake")
    assert outbox.mailer.await_args_list == [call("cake")]  # fails likewise


@pytest.mark.asyncio
async def test_what_was_sent_before_is_kept(outbox):
    await outbox.send("jam")
    assert outbox.sent == ["tea", "milk", "cake", "bread", "jam"]  # fails: nobody sent bread


@pytest.mark.asyncio
async def test_the_last_of_them(outbox):
    before = len(outbox.sent)
    with contextlib.suppress(AssertionError):
        await outbox.send("ham")
    assert len(outbox.sent) == before + 2  # fails for itself
