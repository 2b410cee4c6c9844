import asyncio
import sys


class Quick(asyncio.SelectorEventLoop):
    pass


class QuickPolicy(asyncio.DefaultEventLoopPolicy):
    _loop_factory = Quick


asyncio.set_event_loop_policy(QuickPolicy())
if sys.platform == "win32":
    asyncio.set_event_loop_policy(asyncio.WindowsSelectorEventLoopPolicy())
