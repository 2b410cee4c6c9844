"""The tool's server catches the error and answers with its words: there is no traceback."""

from unittest.mock import AsyncMock

import pytest


async def search(db, text):
    return [row async for row in db.find(text)]


async def dispatch(db, message):
    try:
        return {"id": message["id"], "result": await search(db, message["text"])}
    except Exception as error:
        return {"id": message["id"], "error": {"code": -32603, "message": str(error)}}


# name: db.find
@pytest.mark.asyncio
async def test_search():
    db = AsyncMock()  # LC410
    db.find.return_value = [1, 2]
    answer = await dispatch(db, {"id": 1, "text": "x"})
    assert answer == {"id": 1, "result": [1, 2]}
