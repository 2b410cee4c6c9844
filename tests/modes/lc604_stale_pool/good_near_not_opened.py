"""Something is None, or refused, and no call that opens the object is missing."""

import pytest

pytestmark = pytest.mark.asyncio


class Client:
    def __init__(self):
        self._session, self.last, self.full = None, None, False

    async def connect(self):
        self._session = {"plum": 3}

    async def get(self, key):
        if self._session is None or self.full:
            raise RuntimeError("client is not connected")
        self.last = self._session[key]
        return self.last

    def fill(self):
        self.full = True


async def test_what_a_call_brings_is_not_there_before_it():
    client = Client()
    await client.connect()
    assert client.last.real == 3


async def test_it_was_opened_and_refuses_for_another_reason():
    client = Client()
    await client.connect()
    client.fill()
    assert await client.get("plum") == 3


async def test_another_error_is_expected():
    client = Client()
    with pytest.raises(KeyError):
        await client.get("plum")


class Order:
    def __init__(self):
        self.state = "new"

    async def confirm(self):
        self.state = "confirmed"

    async def pay(self):
        if self.state != "confirmed":
            raise ValueError("not confirmed")


async def test_a_step_of_the_work_is_no_opening():
    order = Order()
    await order.pay()


def test_plain_code():
    class Pen:
        def __init__(self):
            self.ink = None

        def open(self):
            self.ink = "blue"

        def write(self):
            return self.ink.upper()

    pen = Pen()
    assert pen.write() == "BLUE"
