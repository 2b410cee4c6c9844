from fastapi import Depends, FastAPI
from pydantic import BaseModel

app = FastAPI()


class User(BaseModel):
    name: str


async def users():
    raise ConnectionError


@app.get("/user/{key}")
async def user(key: int, db: object = Depends(users)) -> User:
    row = await db.get(key)
    return User(name=row.name)
