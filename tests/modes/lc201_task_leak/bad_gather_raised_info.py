"""Fields are resolved by name; `raises` keeps the error, whose cause is the field that failed."""

# name: fill_stock

import asyncio

import pytest

stock = []


class Unresolved(Exception):
    pass


async def find_price():
    raise KeyError("price")


async def fill_stock():
    await asyncio.sleep(0.01)
    stock.append("tea")


async def resolve(name, function):
    try:
        return name, await function()
    except KeyError as error:
        raise Unresolved(name) from error


async def resolve_in_time(fields):
    jobs = [resolve(*field) for field in fields.items()]
    return dict(await asyncio.wait_for(asyncio.gather(*jobs), 5))  # LC201


@pytest.mark.asyncio
async def test_no_stock_without_a_price():
    fields = {"price": find_price, "stock": fill_stock}
    with pytest.raises(Unresolved) as raised:
        await resolve_in_time(fields)
    assert str(raised.value) == "price"
    await asyncio.sleep(0.05)
    assert stock == []
