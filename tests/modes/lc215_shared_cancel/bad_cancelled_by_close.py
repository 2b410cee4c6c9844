"""`close` cancels what is still to be answered, and the caller retries for its own error only."""

import asyncio

import pytest


class Closed(Exception):
    pass


class Link:
    def __init__(self):
        self.answer = asyncio.get_running_loop().create_future()

    async def ask(self):
        return await self.answer  # LC215

    def close(self):
        self.answer.cancel()


async def ask_any(links):
    for link in links:
        try:
            return await link.ask()
        except Closed:
            continue


# name: self.answer
@pytest.mark.asyncio
async def test_the_second_link_answers():
    first, second = Link(), Link()
    second.answer.set_result("yes")
    asyncio.get_running_loop().call_soon(first.close)
    assert await ask_any([first, second]) == "yes"
