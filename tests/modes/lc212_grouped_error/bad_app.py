"""FastAPI has a handler for the error, and the endpoint raises a group of it."""

import asyncio

from fastapi import FastAPI
from fastapi.responses import JSONResponse
from fastapi.testclient import TestClient

app = FastAPI()


class SoldOut(Exception):
    pass


# name: SoldOut
@app.exception_handler(SoldOut)
async def conflict(request, error):
    return JSONResponse({"seat": str(error)}, status_code=409)


async def hold(seat):
    if seat == 13:
        raise SoldOut(seat)


@app.post("/seats")
async def seats(numbers: list[int]):
    async with asyncio.TaskGroup() as tasks:  # LC212
        for seat in numbers:
            tasks.create_task(hold(seat))


def test_a_sold_seat_is_a_conflict():
    assert TestClient(app).post("/seats", json=[12, 13]).status_code == 409
