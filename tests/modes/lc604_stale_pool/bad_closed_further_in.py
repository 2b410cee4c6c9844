"""What closed the object is a block that is over, or a line of a function that has been called."""

# findings: 5
# name: client | self.client | session | stock.line
import httpx
import pytest
import pytest_asyncio

pytestmark = pytest.mark.asyncio(loop_scope="module")


def answer(request):
    return httpx.Response(200, text=request.url.path)


def new_client():
    return httpx.AsyncClient(transport=httpx.MockTransport(answer), base_url="http://shop")


class Shop:
    def __init__(self, client):
        self.client = client

    async def ask(self, path):
        async with self.client as client:  # LC604
            response = await client.get(path)
        return response.text

    async def plum(self):
        return await self.ask("/plum")

    async def both(self):
        first = await self.plum()
        return [first, await self.ask("/fig")]


class Desk:
    def __init__(self):
        self._client = new_client()

    async def ask(self, path):
        client = self._client
        response = await client.get(path)
        await client.aclose()  # LC604
        return response.text


class Bills:
    def __init__(self, session):
        self.session = session

    async def __aenter__(self):
        return self

    async def __aexit__(self, *error):
        await self.session.aclose()  # LC604

    async def total(self):
        return (await self.session.get("/7")).text


class Line:
    def __init__(self):
        self._up = True

    async def close(self):
        self._up = False

    async def say(self, word):
        if not self._up:
            raise ConnectionError("the line is down")
        return word


class Stock:
    def __init__(self):
        self.line = Line()

    async def count(self):
        word = await self.line.say("plums")
        await self.line.close()  # LC604
        return word


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def session():
    async with new_client() as session:
        yield session


async def test_a_client_is_entered_twice():
    client = new_client()
    async with client:  # LC604
        assert (await client.get("/plum")).text == "/plum"
    async with client:
        assert (await client.get("/fig")).text == "/fig"


async def test_a_shop_asks_twice():
    assert await Shop(new_client()).both() == ["/plum", "/fig"]


async def test_a_desk_asks_twice():
    desk = Desk()
    assert await desk.ask("/plum") == "/plum"
    assert await desk.ask("/fig") == "/fig"


async def test_one_bill(session):
    async with Bills(session) as bills:
        assert await bills.total() == "/7"


async def test_another_bill(session):
    async with Bills(session) as bills:
        assert await bills.total() == "/7"


async def test_a_stock_is_counted():
    stock = Stock()
    assert await stock.count() == "plums"
    assert await stock.line.say("figs") == "figs"
