"""A plain dependency sets the clinic in a thread. The answer is that of the default."""

from contextvars import ContextVar
from typing import Annotated

import httpx
import pytest
from fastapi import Depends, FastAPI, Header

clinic = ContextVar("clinic", default="none")
ROWS = [("north", "Ada"), ("south", "Bob")]
app = FastAPI()


def bind(x_clinic: Annotated[str, Header()]):  # LC214
    clinic.set(x_clinic)
    return x_clinic


async def upcoming():
    wanted = clinic.get()
    return [name for kept, name in ROWS if kept == wanted]


@app.get("/visits")
async def visits(asked: Annotated[str, Depends(bind)]):
    names = await upcoming()
    return {"clinic": asked, "names": names}


# name: clinic
@pytest.mark.asyncio
async def test_the_visits_of_a_clinic():
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://clinic") as client:
        reply = await client.get("/visits", headers={"x-clinic": "north"})
        assert reply.json() == {"clinic": "north", "names": ["Ada"]}
