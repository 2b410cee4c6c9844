"""A pool of the project's own runs the report. Its threads know nothing of the request."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import ContextVar

import pytest

request_id: ContextVar[str] = ContextVar("request_id")


@contextmanager
def request(name):
    token = request_id.set(name)
    try:
        yield
    finally:
        request_id.reset(token)


def report(rows):
    return request_id.get(), sum(rows)


async def totals(rows):
    with ThreadPoolExecutor(1) as pool:
        return await asyncio.wrap_future(pool.submit(report, rows))  # LC214


# name: request_id
@pytest.mark.asyncio
async def test_a_report_carries_the_id_of_its_request():
    with request("r-1"):
        assert await totals([1, 2]) == ("r-1", 3)
