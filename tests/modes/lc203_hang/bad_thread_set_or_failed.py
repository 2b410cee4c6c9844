"""A thread ends the future in one of two ways, each in its own function. It has ended since."""

# options: --loopcheck-hang=1
# name: reply
import asyncio
import threading

import pytest


def deliver(reply, text):
    reply.set_result(text.upper())  # LC203


def refuse(reply, text):
    reply.set_exception(ValueError(text))


def translate(reply, text):
    (deliver if text else refuse)(reply, text)


class Translator:
    def __call__(self, text):
        reply = asyncio.get_running_loop().create_future()
        threading.Timer(0.1, translate, [reply, text]).start()
        return reply


@pytest.mark.asyncio
async def test_a_word():
    assert await Translator()("tea") == "TEA"
