"""Retried and given up on, outside the `except`: the last error is only kept in a name."""

from unittest.mock import MagicMock

import pytest


class NotDelivered(Exception):
    pass


async def deliver(http, event, attempts=3):
    last = None
    for _ in range(attempts):
        try:
            return (await http.post("/hook", json=event)).status_code
        except Exception as error:
            last = error
    raise NotDelivered(f"{attempts} attempts: {type(last).__name__}")


# name: http.post
@pytest.mark.asyncio
async def test_deliver():
    http = MagicMock()  # LC401
    http.post.return_value = MagicMock(status_code=202)
    assert await deliver(http, {"id": 7}) == 202
