"""A route starts a task that writes a row, and the test client's loop ends with the request."""
# name: count

import asyncio
import sqlite3

from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

rows = sqlite3.connect(":memory:", check_same_thread=False)
rows.execute("create table visit (name text)")


async def count(name):
    await asyncio.sleep(0.1)
    rows.execute("insert into visit values (?)", (name,))


async def greet(request):
    asyncio.create_task(count(request.path_params["name"]))  # LC208
    return PlainTextResponse("hello")


def test_the_visit_is_counted():
    app = Starlette(routes=[Route("/greet/{name}", greet)])
    assert TestClient(app).get("/greet/ann").text == "hello"
    assert rows.execute("select name from visit").fetchall() == [("ann",)]
