"""A timer answers a future that has its answer. The test collects what the loop reports."""

# name: self._answer
import asyncio

import pytest


class Request:
    def __init__(self, patience):
        self._loop = asyncio.get_running_loop()
        self._answer = self._loop.create_future()
        self._loop.call_later(patience, self._give_up)

    def _give_up(self):
        self._answer.set_exception(TimeoutError("no answer"))  # LC205

    def answered(self, words):
        self._answer.set_result(words)

    async def wait(self):
        return await self._answer


@pytest.mark.asyncio
async def test_no_error_after_an_answer():
    loop, errors = asyncio.get_running_loop(), []
    loop.set_exception_handler(lambda _, context: errors.append(context["exception"]))
    request = Request(0.01)
    request.answered("tea")
    assert await request.wait() == "tea"
    await asyncio.sleep(0.02)
    if errors:
        raise AssertionError("the loop reports an error") from errors[0]
