"""Another thread, another connection, and a table that no connection has."""

import pytest
from asgiref.sync import sync_to_async
from django.db import connection


@sync_to_async
def shelves():
    with connection.cursor() as cursor:
        return cursor.execute("SELECT * FROM shelves").fetchall()


@pytest.mark.django_db
@pytest.mark.asyncio
async def test_shelves():
    assert await shelves() == []
