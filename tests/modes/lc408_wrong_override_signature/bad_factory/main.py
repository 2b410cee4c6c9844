from fastapi import Depends, FastAPI
from sqlalchemy import text
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine

app = FastAPI()
Session = async_sessionmaker(create_async_engine("sqlite+aiosqlite://"))


async def get_db():
    async with Session() as session:
        yield session


@app.get("/count")
async def count(db=Depends(get_db)):
    return (await db.execute(text("select 3"))).scalar()
