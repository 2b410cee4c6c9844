import asyncio
from asyncio.selector_events import BaseSelectorEventLoop


class SelectorPolicy(asyncio.DefaultEventLoopPolicy):
    """As on Windows: a selector loop there starts no child, and takes no signal."""

    def new_event_loop(self):
        return BaseSelectorEventLoop()


asyncio.set_event_loop_policy(SelectorPolicy())
