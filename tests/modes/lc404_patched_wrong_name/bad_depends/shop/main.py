from fastapi import Depends, FastAPI

from shop import users

app = FastAPI()


@app.get("/me")
async def me(user=Depends(users.current_user)):
    return user


async def prices(currency=Depends(users.currency)):
    return {"tea": f"5 {currency}"}


@app.get("/prices/{name}", dependencies=[Depends(users.counted)])
async def price(name: str, prices=Depends(prices)):
    return {"price": prices[name]}
