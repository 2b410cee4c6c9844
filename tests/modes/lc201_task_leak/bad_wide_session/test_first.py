"""All tests run on one loop: a fixture that only returns leaves its task to other files."""

import asyncio

import pytest
from mailer import Mailer


@pytest.fixture
async def mailer(outbox):
    mailer = Mailer(outbox)
    mailer.start()
    return mailer


# name: Mailer.send_all
async def test_letter_is_sent(mailer, outbox):
    outbox.letters.put_nowait("to Ada")
    await asyncio.sleep(0.01)
    assert mailer.sent == ["to Ada"]
