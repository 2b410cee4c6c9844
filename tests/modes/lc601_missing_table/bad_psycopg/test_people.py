"""psycopg says it by a number, too; what was sent to it nobody has followed."""

# name: people
import psycopg
import pytest

SCHEMA = "create table if not exists people (name text)"


@pytest.mark.asyncio
async def test_all():
    await psycopg.AsyncConnection().execute("select name from people")  # LC601
