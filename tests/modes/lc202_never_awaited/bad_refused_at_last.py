"""A plain helper starts what it gets in one of two branches, and counts it in the other."""

# name: Mailer.send
import asyncio

import pytest


class Mailer:
    def __init__(self):
        self.sent, self.dropped = [], 0

    async def send(self, letter):
        self.sent.append(letter)

    def later(self, letter, delay=0.0):
        return self.at(delay, self.send(letter))

    def at(self, delay, sending):
        if delay >= 0:  # LC202
            asyncio.get_running_loop().call_later(delay, lambda: asyncio.ensure_future(sending))


@pytest.mark.asyncio
async def test_a_letter_of_yesterday_is_not_sent():
    mailer = Mailer()
    mailer.later("card", -1)
    assert mailer.sent == []
