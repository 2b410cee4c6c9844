"""A double that can't be awaited, but the order goes on without it: it is refused for its price."""

from unittest.mock import AsyncMock, MagicMock

import pytest


class Refused(Exception):
    pass


async def order(audit, http, amount):
    kept = None
    try:
        await audit.write(amount)
    except Exception as error:
        kept = error
    answer = await http.post("/order", json=amount)
    if answer.status_code != 201:
        raise Refused(f"{amount}: {answer.status_code}")
    return answer, kept


@pytest.mark.asyncio
async def test_an_order_is_taken():
    audit, http = MagicMock(), AsyncMock()
    http.post.return_value = MagicMock(status_code=409)
    answer, _ = await order(audit, http, 3)
    assert answer.status_code == 201
