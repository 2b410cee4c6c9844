import asyncio

_loop = asyncio.new_event_loop()


class Flags:
    ready = _loop.create_future()  # LC102

    @classmethod
    async def wait_ready(cls):
        return await cls.ready
