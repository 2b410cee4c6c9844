"""The test makes a table that its fixture has made."""

# name: planes
from sqlalchemy import text


async def test_planes(engine, planes):
    async with engine.begin() as connection:
        await connection.execute(text("create table planes (id int)"))  # LC602
