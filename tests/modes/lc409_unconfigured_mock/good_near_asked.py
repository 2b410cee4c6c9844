"""Tests that ask a mock what became of it, and fail: they say what they mean."""

from unittest.mock import AsyncMock, MagicMock, call

import pytest


@pytest.mark.asyncio
async def test_count():
    mailer = AsyncMock()
    await mailer.send("ada")
    assert mailer.send.call_count == 2


@pytest.mark.asyncio
async def test_called():
    mailer = AsyncMock()
    assert mailer.send.called


@pytest.mark.asyncio
async def test_arguments():
    mailer = AsyncMock()
    await mailer.send("ada")
    assert mailer.send.await_args == call("eve")
    mailer.send.assert_awaited_once_with("ada")


def test_another_double():
    first, second = MagicMock(), MagicMock()
    first.get.return_value = second
    assert first.get() is first.put.return_value


def test_the_client_that_was_handed_over():
    client = MagicMock()
    assert {"client": client} == {"client": None}
