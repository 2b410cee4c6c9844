from typing import Annotated

from fastapi import Depends, FastAPI

app = FastAPI()


async def get_stock():
    yield {}


async def get_prices():
    return {}


@app.get("/items/{item}")
async def read(item: str, stock: Annotated[dict, Depends(get_stock)]):
    return {"left": stock[item]}


@app.get("/prices/{item}")
async def price(item: str, prices: Annotated[dict, Depends(get_prices)]):
    return prices[item]
