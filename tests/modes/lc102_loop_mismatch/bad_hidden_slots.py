"""A dataclass with slots, held by a service, held by the app: no instance has a __dict__."""

# name: app.billing.rates
import os
from dataclasses import dataclass

import pytest
import valkey.asyncio as valkey


@dataclass(slots=True)
class Billing:
    rates: valkey.Valkey

    async def rate(self, country):
        await self.rates.setnx(f"vat:{country}", 25)
        return int(await self.rates.get(f"vat:{country}"))


@dataclass(frozen=True, slots=True)
class App:
    billing: Billing


@pytest.fixture(scope="module")
def app():  # LC102
    return App(Billing(valkey.from_url(os.environ["VALKEY_URL"])))


@pytest.mark.asyncio(loop_scope="module")
async def test_rate_of_norway(app):
    assert await app.billing.rate("no") == 25


@pytest.mark.asyncio
async def test_rate_of_sweden(app):
    assert await app.billing.rate("se") == 25
