"""The test expects a report, or another one, or reports an error by itself, or reads none."""

import asyncio
from unittest.mock import Mock

import pytest

pytestmark = pytest.mark.asyncio


def fail():
    raise KeyError("user_id")


async def handler_that_received_an_error():
    loop, handler = asyncio.get_running_loop(), Mock()
    loop.set_exception_handler(handler)
    loop.call_soon(fail)
    await asyncio.sleep(0.01)
    return handler


async def test_two_reports():
    handler = await handler_that_received_an_error()
    assert handler.call_count == 2


async def test_another_report():
    handler = await handler_that_received_an_error()
    handler.assert_called_once_with(asyncio.get_running_loop(), {"message": "full"})


async def test_a_report_about_a_socket():
    handler = await handler_that_received_an_error()
    about = [one for one in handler.call_args_list if "socket" in one.args[1]]
    if not about:
        pytest.fail("nothing was reported about the socket")


async def test_nothing_else_happens():
    happened = [await handler_that_received_an_error()]
    happened.pop()
    rest = ["a call"]
    assert not rest


async def test_own_report():
    loop, handler = asyncio.get_running_loop(), Mock()
    loop.set_exception_handler(handler)
    loop.call_exception_handler({"message": "full", "exception": OSError("disk")})
    handler.assert_not_called()


async def test_no_callback_is_called():
    on_error = Mock()
    on_error(OSError("disk"))
    on_error.assert_not_called()
