"""The file raises an error of its own further up, in a line that is longer than the await."""

# name: delivery
import asyncio

import pytest

delivery = None


def weigh(parcel):
    if not parcel:
        raise ValueError("there is nothing in this parcel to be weighed")
    return len(parcel)


@pytest.mark.asyncio
async def test_parcel_is_on_its_way():
    global delivery
    delivery = asyncio.get_running_loop().create_future()  # LC102
    assert weigh("shoes") == 5


@pytest.mark.asyncio
async def test_parcel_arrives():
    asyncio.get_running_loop().call_later(0.01, delivery.set_result, "shoes")
    assert await delivery == "shoes"
