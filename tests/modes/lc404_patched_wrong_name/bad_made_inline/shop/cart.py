import asyncio
from dataclasses import dataclass

from shop.rates import get_name, get_rate, get_sign


class Cart:
    def __init__(self):
        self.items = []

    def add(self, price):
        self.items.append(price)
        return self

    async def total(self, currency):
        return round(sum(self.items) * await self._rate(currency), 2)

    async def _rate(self, currency):
        try:
            return await get_rate(currency)  # used
        except ConnectionError:
            return 1.0


@dataclass
class Names:
    currencies: list

    async def all(self):
        found = []
        for currency in self.currencies:
            found.append(await get_name(currency))  # used
        return found


class Signs:
    def __init__(self, currencies):
        self.currencies = currencies

    async def all(self):
        found = await asyncio.gather(
            *(get_sign(one) for one in self.currencies),  # used
            return_exceptions=True,
        )
        return [one for one in found if not isinstance(one, Exception)]


class Page:
    def __init__(self, signs):
        self.signs = signs

    async def head(self):
        return " ".join(await self.signs.all())


async def labels(currencies):
    signs = Signs(currencies)
    page = Page(signs)
    return {"head": await page.head()}
