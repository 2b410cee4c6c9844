"""Retried and given up on; each attempt's error is only written to the log."""

import logging
from unittest.mock import MagicMock

import pytest

log = logging.getLogger(__name__)


class NotDelivered(Exception):
    pass


class Deliverer:
    def __init__(self, http, attempts=3):
        self.http, self.attempts = http, attempts

    async def deliver(self, event):
        for attempt in range(self.attempts):
            try:
                response = await self.http.post("/hook", json=event)
                return response.status_code
            except Exception as error:
                log.warning("attempt %s: %s", attempt, error)
        raise NotDelivered(f"given up after {self.attempts} attempts")


# name: http.post
@pytest.mark.asyncio
async def test_deliver():
    http = MagicMock()  # LC401
    http.post.return_value = MagicMock(status_code=202)
    assert await Deliverer(http).deliver({"id": 7}) == 202
