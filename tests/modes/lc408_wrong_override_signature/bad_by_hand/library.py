from fastapi import Depends, FastAPI

app = FastAPI()


class Session:
    async def scalar(self, statement):
        return "Emma"


async def get_session():
    yield Session()


@app.get("/book")
async def book(session=Depends(get_session)):
    return {"title": await session.scalar("select title from book")}
