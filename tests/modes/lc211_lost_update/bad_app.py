"""Three requests at once: the endpoint reads the counter, asks the bank, and writes it back."""

import asyncio

import httpx
import pytest
from fastapi import FastAPI

app = FastAPI()
app.state.tickets = 10


async def charge():
    await asyncio.sleep(0)


@app.post("/tickets/{name}")
async def sell(name: str):
    left = app.state.tickets  # LC211
    await charge()
    app.state.tickets = left - 1
    return {"left": left - 1}


# name: app.state.tickets
@pytest.mark.asyncio
async def test_three_tickets():
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://bus") as client:
        asked = client.post("/tickets/ann"), client.post("/tickets/ben"), client.post("/tickets/cy")
        await asyncio.gather(*asked)
    assert app.state.tickets == 7
