from . import storage as stores


async def order(name, item):
    await stores.storage.put(f"ordered:{name}", item)


async def deliver(name):
    return await stores.storage.take(f"ordered:{name}")
