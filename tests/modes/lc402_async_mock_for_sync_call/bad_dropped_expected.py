"""The error that the test expects is the side effect of a call that never took place."""

# name: connection.begin().check

from unittest.mock import AsyncMock

import pytest


class Refused(Exception):
    pass


async def transfer(connection, amount):
    transaction = await connection.begin()
    transaction.check(amount)
    await transaction.commit()


@pytest.mark.asyncio
async def test_refuses():
    connection = AsyncMock()  # LC402
    connection.begin.return_value.check.side_effect = Refused("too much")
    with pytest.raises(Refused):
        await transfer(connection, 1_000)
