"""A context variable holds the client for whoever asks: its default is made at import."""

# name: current_store | current_store.get() | store
import contextvars
import os

import pytest
import valkey.asyncio as valkey

current_store = contextvars.ContextVar(  # LC102
    "current_store",
    default=valkey.from_url(os.environ["VALKEY_URL"]),  # LC102
)


async def visit(page):
    store = current_store.get()
    return await store.incr(f"page:{page}")


@pytest.mark.asyncio(loop_scope="module")
async def test_home_is_visited():
    assert await visit("home") >= 1


@pytest.mark.asyncio
async def test_about_is_visited():
    assert await visit("about") >= 1
