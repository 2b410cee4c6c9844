import asyncio

import pytest


def careful(loop):
    loop.set_debug(True)
    return loop


@pytest.fixture
def event_loop():  # LC302
    loop = careful(asyncio.new_event_loop())
    yield loop
    loop.close()
