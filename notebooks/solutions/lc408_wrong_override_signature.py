"""LC408 wrong-override-signature: the solution of the exercise, why it works, one other good way.

What was wrong: FastAPI reads an override like any dependency. `*args` and `**kwargs` are two
parameters that it does not know, so it expected them in each request, and answered 422. The lambda
has no parameter, but it calls `one_boat` itself: the result is a generator, and the route got that.

What changed: `at` returns a function without parameters. The jetty's override is `one_boat` itself:
FastAPI sees that the function yields, takes the value, and resumes the function after the request.

Another good way: an override need not yield only because the original does. `lambda: OneBoat()`, or
the class itself, `app.dependency_overrides[get_jetty] = OneBoat`, also works: it has no parameters,
and it returns the object itself.
"""

import httpx
import pytest
import pytest_asyncio
from hire import app, get_hour, get_jetty

pytestmark = pytest.mark.asyncio


@pytest_asyncio.fixture
async def web():
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://lake") as web:
        yield web
    app.dependency_overrides.clear()


class OneBoat:
    async def boats(self):
        return ["Zoe"]


async def one_boat():
    yield OneBoat()


def at(hour):
    return lambda: hour


async def test_it_is_open_at_noon(web):
    app.dependency_overrides[get_hour] = at(12)
    assert (await web.get("/open")).json() is True


async def test_it_is_closed_at_night(web):
    app.dependency_overrides[get_hour] = at(23)
    assert (await web.get("/open")).json() is False


async def test_one_boat_is_free(web):
    app.dependency_overrides[get_jetty] = one_boat
    assert (await web.get("/boats")).json() == ["Zoe"]
