"""Copied, but not deeply: the dict in the dict is the same one for all tests."""

# name: ORDER['address']
import pytest

ORDER = {"name": "Ann", "address": {"street": "Main 1", "zip": "1010"}}  # LC308


def order(**changed):
    return {**ORDER, **changed}


async def with_label(order):
    address = order["address"]
    code = address.pop("zip")
    return {**order, "label": f"{code} {address['street']}"}


@pytest.mark.asyncio
@pytest.mark.parametrize("name", ["Ann", "Bob"])
async def test_a_label(name):
    labelled = await with_label(order(name=name))
    assert labelled["label"] == "1010 Main 1"
