import asyncio

from shop import rates
from shop.rates import get_rate, get_sign


class Cart:
    def __init__(self, price=None):
        self.price = price

    def add(self, price):
        return Empty()

    async def total(self, currency):
        return self.price * await get_rate(currency)


class Empty:
    async def total(self, currency):
        return 0


class Signs:
    def __init__(self, currencies):
        self.currencies = currencies
        self.asked = list(currencies)

    def only(self, wanted):
        self.asked = [one for one in self.asked if one in wanted]
        return self

    async def all(self):
        return await asyncio.gather(*(get_sign(one) for one in self.asked))

    async def long(self):
        return [await get_sign(one) for one in self.currencies if len(one) > 3]

    async def first(self):
        for one in self.currencies:
            if one != "USD":
                return "none"
        return await get_sign("USD")


class Queued:
    def __init__(self, currencies, known=()):
        known = [one for one in known if one in currencies]
        self.currencies = currencies
        self.known = known

    def done(self, currency):
        self.currencies.remove(currency)
        return self

    async def all(self):
        return [await get_sign(one) for one in self.currencies]

    async def both(self):
        return [await get_sign(one) for one in self.known]


class Cached:
    def __init__(self, lock, known):
        self.lock = lock
        self.known = known

    async def sign(self, currency):
        async with self.lock:
            if currency in self.known:
                return self.known[currency]
        return await get_sign(currency)


class Shared:
    def __init__(self, currencies):
        self.currencies = currencies

    async def all(self):
        return [await rates.get_sign(one) for one in self.currencies]


async def labels(currencies):
    signs = Queued(currencies)
    signs.currencies = []
    return await signs.all()


async def totals(known):
    cart = Cart(5)
    if known:
        cart = Empty()
    return await cart.total("EUR")
