"""A future belongs to the loop that was running when it was made."""

# name: delivery
import asyncio

import pytest

delivery = None


@pytest.mark.asyncio(loop_scope="module")
async def test_parcel_is_on_its_way():
    global delivery
    delivery = asyncio.get_running_loop().create_future()  # LC102
    assert not delivery.done()


@pytest.mark.asyncio
async def test_parcel_arrives():
    asyncio.get_running_loop().call_later(1, delivery.set_result, "parcel")
    assert await delivery == "parcel"


@pytest.mark.asyncio
async def test_parcel_was_signed_for():  # RuntimeError: await wasn't used with future
    assert await delivery == "parcel"
