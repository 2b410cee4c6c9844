"""A patched coroutine function returns a span, and the code adds what a method of it gives."""

# passes
from unittest import mock

import pytest


async def make_span(name):
    raise NotImplementedError(name)


async def trace(records, parent):
    for record in records:
        span = await make_span(record)
        parent.add_link(span.context())
    return len(records)


# name: make().context
@pytest.mark.asyncio
async def test_each_record_has_a_link():
    with mock.patch(f"{__name__}.make_span") as make:  # LC402
        parent = mock.MagicMock()
        assert await trace(["first"], parent) == 1
    make.assert_awaited_once_with("first")
