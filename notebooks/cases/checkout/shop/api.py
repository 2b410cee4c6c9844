"""What the shop answers on the web."""

from typing import Annotated

from fastapi import Depends, FastAPI, HTTPException
from pydantic import BaseModel, Field

from shop import carts
from shop.bank import Bank, Refused, get_bank

app = FastAPI()


class Line(BaseModel):
    article: str
    pieces: int = Field(gt=0)


class Order(BaseModel):
    number: str  # made by the page for each try: a second click sends the same
    card: str = Field(min_length=4)


@app.get("/prices")
async def prices() -> dict[str, int]:
    return carts.PRICES


@app.post("/cart/{customer}")
async def add(customer: str, line: Line) -> dict[str, int]:
    if line.article not in carts.PRICES:
        raise HTTPException(404, f"no {line.article} here")
    return {line.article: await carts.add(customer, line.article, line.pieces)}


@app.post("/checkout/{customer}", status_code=201)
async def check_out(
    customer: str, order: Order, bank: Annotated[Bank, Depends(get_bank)]
) -> dict[str, str | int]:
    cart = await carts.load(customer)
    if not cart:
        raise HTTPException(409, "the cart is empty")
    if not await carts.take_order(order.number):
        raise HTTPException(409, "this order is already taken")
    try:
        receipt = await bank.charge(order.card, carts.total(cart))
    except Refused:
        raise HTTPException(402, "the bank refused the card") from None
    await carts.clear(customer)
    return {"receipt": receipt, "cents": carts.total(cart)}
