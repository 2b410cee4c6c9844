"""LC311 lifespan-not-run: the solution of the exercise, why it works, another good way.

What was wrong: httpx's transport sends requests to the app, and does nothing else. Nobody ran the
lifespan, so the app had no kettle. The fixture made one by itself. That made the tests green, and
it also kept them green whatever startup heats.

What changed: the fixture runs the app's lifespan around the client. Each test starts the app, gets
the kettle that startup heats, and stops the app: the code after the `yield` switches it off.

Another good way: a TestClient inside of its `with` runs the lifespan, too. The tests are plain
functions then.

    @pytest.fixture
    def client():
        with TestClient(app) as client:
            yield client

Choose it where the test needs no loop of its own. Choose httpx where it does, for example because
it also uses a client of a database.
"""

import httpx
import pytest
import pytest_asyncio
from teahouse import app


@pytest_asyncio.fixture
async def client():
    transport = httpx.ASGITransport(app)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://tea") as client,
    ):
        yield client


@pytest.mark.asyncio
async def test_two_cups(client):
    assert (await client.post("/cups")).json() == {"left": 1}
    assert (await client.post("/cups")).json() == {"left": 0}


@pytest.mark.asyncio
async def test_the_third_cup_is_refused(client):
    answers = [await client.post("/cups") for _ in range(3)]
    assert [one.status_code for one in answers] == [200, 200, 409]
