"""An object keeps its gate, and the gate's exit says that it has dealt with every error."""

import asyncio

import pytest


class Closed(LookupError):
    pass


class Gate:
    async def __aenter__(self):
        await asyncio.sleep(0)

    async def __aexit__(self, *error):
        await asyncio.sleep(0)
        return True  # LC205


class Garden:
    def __init__(self):
        self.gate = Gate()
        self.visitors = []

    async def visit(self, name, hour):
        async with self.gate:
            self.admit(name, hour)

    def admit(self, name, hour):
        if hour > 18:
            raise Closed(name)
        self.visitors.append(name)


# name: Gate.__aexit__
@pytest.mark.asyncio
async def test_nobody_comes_in_at_night():
    garden = Garden()
    with pytest.raises(LookupError):
        await garden.visit("kim", hour=22)
