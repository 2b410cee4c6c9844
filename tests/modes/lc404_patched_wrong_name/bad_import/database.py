pool = None


async def connect():
    global pool
    pool = {"seats": 3}


async def seats():
    if pool is None:
        raise RuntimeError("database is not connected")
    return pool["seats"]
