"""A decorator puts a plain function around a handler, so the bus runs it in a thread."""

# name: handle
import asyncio
import functools
import inspect

import pytest


def logged(function):
    @functools.wraps(function)
    def wrapper(*args):
        return function(*args)  # LC202

    return wrapper


class Bus:
    def __init__(self):
        self.handlers, self.seen = [], []

    async def emit(self, value):
        for handler in self.handlers:
            if inspect.iscoroutinefunction(handler):
                await handler(value)
            else:
                await asyncio.to_thread(handler, value)


@pytest.mark.asyncio
async def test_a_handler_sees_each_value():
    bus = Bus()

    @logged
    async def handle(value):
        bus.seen.append(value)

    bus.handlers.append(handle)
    await bus.emit(1)
    assert bus.seen == [1]
