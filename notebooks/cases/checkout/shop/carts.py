"""Carts: what a customer has put aside, and the orders that are taken."""

from shop.store import connect

A_DAY = 24 * 60 * 60
PRICES = {"tea": 450, "cup": 900, "pot": 3200}  # cents


async def add(customer: str, article: str, pieces: int) -> int:
    """Put pieces into the cart, and return how many of that article are in it now."""
    async with connect() as client:
        pipe = client.pipeline()
        pipe.hincrby(f"cart:{customer}", article, pieces)
        pipe.expire(f"cart:{customer}", A_DAY)
        there, _ = await pipe.execute()
    return there


async def load(customer: str) -> dict[str, int]:
    """Return what is in the cart."""
    async with connect() as client:
        cart = await client.hgetall(f"cart:{customer}")
    return {article: int(pieces) for article, pieces in cart.items()}


async def take_order(number: str) -> bool:
    """Return whether this order is new. A second one of the same number is not."""
    async with connect() as client:
        return bool(await client.set(f"order:{number}", "taken", nx=True, ex=A_DAY))


async def clear(customer: str) -> None:
    async with connect() as client:
        await client.delete(f"cart:{customer}")


def total(cart: dict[str, int]) -> int:
    """Return what a cart costs, in cents. From 50 euros on, delivery is free."""
    goods = sum(PRICES[article] * pieces for article, pieces in cart.items())
    return goods if goods >= 5000 else goods + 490
