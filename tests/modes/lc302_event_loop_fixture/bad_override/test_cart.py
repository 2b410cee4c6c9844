"""The conftest's loop was to be everybody's. Nobody asks for it, nobody says so."""

# name: event_loop


async def test_fill(store):
    assert await store.set("cart", "apples")


async def test_read(store):
    assert await store.get("cart") == b"apples"
