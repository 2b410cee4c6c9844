"""The lifespan has run, and the endpoint looks for the wrong key: a plain slip."""

import unittest
from contextlib import AsyncExitStack, asynccontextmanager

import httpx
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient as Client

stock = {}


@asynccontextmanager
async def lifespan(app):
    stock["tea"] = 3
    yield
    stock.clear()


app = FastAPI(lifespan=lifespan)


@app.get("/stock/{name}")
async def left(name: str):
    return stock.get(name.upper(), 0)


class Shop(Client):
    pass


def test_a_client_with_another_name():
    with Client(app) as client:
        answer = client.get("/stock/tea")
    assert answer.json() == 3


class StockTest(unittest.TestCase):
    def test_a_client_that_the_test_enters(self):
        client = self.enterContext(Client(app))
        self.assertEqual(client.get("/stock/tea").json(), 3)

    def test_a_client_of_a_subclass(self):
        with Shop(app) as client:
            answer = client.get("/stock/tea")
        self.assertEqual(answer.json(), 3)


def sender():
    return httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://shop")


@pytest.mark.asyncio
async def test_a_stack_that_is_over():
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(lifespan(app))
        client = await stack.enter_async_context(sender())
        answer = await client.get("/stock/tea")
    assert answer.json() == 3


@pytest.mark.asyncio
async def test_what_the_test_itself_puts_there():
    stock["oil"] = 2
    async with sender() as client:
        answer = await client.get("/stock/oil")
    stock.clear()
    assert answer.json() == 2
