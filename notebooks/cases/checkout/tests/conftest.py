import os
from unittest.mock import AsyncMock, MagicMock

import httpx
import pytest
import pytest_asyncio
from shop.api import app
from shop.bank import get_bank

# Nobody listens on port 1: a test without its doubles is refused, and no card is charged.
os.environ["VALKEY_URL"] = "valkey://127.0.0.1:1/0"
os.environ["BANK_URL"] = "http://127.0.0.1:1"


@pytest.fixture
def store(monkeypatch):
    """The store's double: a pot and two cups are in the cart, and each order is new."""
    store = AsyncMock()
    store.__aenter__.return_value = store
    store.hgetall.return_value = {"pot": "1", "cup": "2"}
    store.set.return_value = True
    monkeypatch.setattr("shop.store.connect", lambda: store)
    return store


@pytest.fixture
def bank():
    """The bank's double: it charges every card."""
    bank = MagicMock()
    bank.charge.return_value = "receipt 7"
    app.dependency_overrides[get_bank] = MagicMock(return_value=bank)
    yield bank
    app.dependency_overrides.clear()


@pytest_asyncio.fixture
async def web(store):
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://shop") as web:
        yield web


@pytest.fixture
def buy(web, bank):
    """Put two cups into the cart and check out, as the page does."""

    async def buy(status=201):
        added = await web.post("/cart/ada", json={"article": "cup", "pieces": 2})
        assert added.status_code == 200, added.text
        answer = await web.post("/checkout/ada", json={"number": "A-1", "card": "4000-0000"})
        assert answer.status_code == status, answer.text
        return answer.json()

    return buy
