from fastapi import FastAPI
from pydantic import BaseModel

app = FastAPI()


class Article(BaseModel):
    name: str
    price: int


class Shop:
    async def get(self, name):
        return {"name": name, "price": 3}


@app.get("/plain/{name}")
async def plain(name: str):
    return Shop().get(name)  # LC202


@app.get("/typed/{name}", response_model=Article)
async def typed(name: str):
    article = Shop().get(name)  # LC202
    return article
