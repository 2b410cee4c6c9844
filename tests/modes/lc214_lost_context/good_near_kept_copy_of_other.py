"""The reply has an error of its own. The log has another one, from before the request."""

import asyncio
import logging
from contextvars import ContextVar
from types import SimpleNamespace

import pytest

trace_id = ContextVar("trace_id")


async def serve(handler):
    try:
        await asyncio.get_running_loop().run_in_executor(None, trace_id.get)
    except LookupError:
        logging.getLogger("serve").exception("no trace yet")
    trace_id.set("t-1")
    try:
        return SimpleNamespace(body=handler(), error=None)
    except LookupError as error:
        return SimpleNamespace(body=None, error=LookupError(str(error)))


def show():
    raise LookupError(trace_id.get())


@pytest.mark.asyncio
async def test_the_handler_knows_the_trace():
    reply = await serve(show)
    assert reply.body == "t-1"
