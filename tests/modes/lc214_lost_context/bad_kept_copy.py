"""The reply has a copy of the error, without a traceback. The log has the error itself."""

import asyncio
import logging
from contextvars import ContextVar

import pytest

trace_id = ContextVar("trace_id")


class Reply:
    def __init__(self, body=None, error=None):
        self.body = body
        self.error = error

    @property
    def ok(self):
        return self.error is None


async def serve(handler):
    loop = asyncio.get_running_loop()
    future = loop.run_in_executor(None, handler)  # LC214
    try:
        return Reply(await future)
    except Exception as error:
        logging.getLogger("serve").exception("the handler failed")
        return Reply(error=type(error)(*error.args))


def show():
    return trace_id.get().upper()


# name: trace_id
@pytest.mark.asyncio
async def test_the_handler_knows_the_trace():
    trace_id.set("t-1")
    assert trace_id.get() == "t-1"
    reply = await serve(show)
    assert reply.ok
