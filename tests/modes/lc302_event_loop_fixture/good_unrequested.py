"""An override that no test requests, where pytest-asyncio runs none either."""

import asyncio

import pytest


@pytest.fixture(scope="module")
def event_loop():
    loop = asyncio.new_event_loop()
    yield loop
    loop.close()


def test_by_hand():
    assert asyncio.run(asyncio.sleep(0, 3)) == 4
