import asyncio


class Quick(asyncio.SelectorEventLoop):
    pass


class QuickPolicy(asyncio.DefaultEventLoopPolicy):
    _loop_factory = Quick


def install():
    asyncio.set_event_loop_policy(QuickPolicy())  # LC104
