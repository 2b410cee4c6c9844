import os

CHANNEL = f"prices:{os.getpid()}"  # channels know no databases: another run has its own


async def prices(store):
    pubsub = store.pubsub()
    await pubsub.subscribe(CHANNEL)
    try:
        async for message in pubsub.listen():
            if message["type"] == "message":
                yield message["data"]
    finally:
        await pubsub.unsubscribe(CHANNEL)
        await pubsub.aclose()


async def next_price(store, ready):
    stream = prices(store)
    ready.set()
    async for price in stream:  # LC206
        return price
