"""The class inherits from one that looks up a loop and keeps it: another loop can't wait for it."""

# name: mailbox.asked[0] | answer | mailbox
import asyncio

import pytest
from mail import Mailbox


@pytest.mark.asyncio
async def test_an_answer_in_a_thread():
    mailbox = Mailbox()

    async def answer():
        return await mailbox.ask()

    assert await asyncio.to_thread(asyncio.run, answer()) == "yes"
