import asyncio


class Quick(asyncio.SelectorEventLoop):
    pass


class QuickPolicy(asyncio.DefaultEventLoopPolicy):
    _loop_factory = Quick


def install():
    asyncio.set_event_loop_policy(QuickPolicy())  # LC104


async def info():
    loop = asyncio.get_running_loop()
    return {"loop": type(loop).__name__}
