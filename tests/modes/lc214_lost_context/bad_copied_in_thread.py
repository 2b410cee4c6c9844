"""A log line is written in a thread, in a copy of the context that the thread itself makes."""

# name: request
import asyncio
import contextvars

import pytest

request = contextvars.ContextVar("request", default=None)


class Log:
    def __init__(self):
        self.lines = []

    def write(self, text):
        self.lines.append((request.get(), text))

    async def info(self, text):
        loop = asyncio.get_running_loop()
        await loop.run_in_executor(
            None,
            lambda: contextvars.copy_context().run(self.write, text),  # LC214
        )


@pytest.mark.asyncio
async def test_a_line_has_the_request():
    log = Log()
    request.set("r-17")
    await log.info("saved")
    assert log.lines == [("r-17", "saved")]
