"""A stock room answers all requests of a batch, also one that its caller has given up."""

# name: StockRoom._fetch
import asyncio
from typing import NamedTuple

import pytest


class Request(NamedTuple):
    item: str
    answer: asyncio.Future


class StockRoom:
    def __init__(self):
        self._requests = []

    def ask(self, item):
        loop = asyncio.get_running_loop()
        if not self._requests:
            loop.call_soon(self._fetch)
        self._requests.append(Request(item, loop.create_future()))
        return self._requests[-1].answer

    def _fetch(self):
        requests, self._requests = self._requests, []
        for request in requests:
            request.answer.set_result(len(request.item))  # LC205


@pytest.mark.asyncio
async def test_one_request_is_given_up():
    reports = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: reports.append(context))
    room = StockRoom()
    bolts, nuts = room.ask("bolts"), room.ask("nuts")
    bolts.cancel()
    await asyncio.wait([nuts], timeout=0.05)
    assert reports == []
