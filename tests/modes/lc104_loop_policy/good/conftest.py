import asyncio


class ProactorLike(asyncio.SelectorEventLoop):
    """Stands for the default loop of Windows: it has no add_reader."""

    add_reader = asyncio.AbstractEventLoop.add_reader


class WindowsLikePolicy(asyncio.DefaultEventLoopPolicy):
    def new_event_loop(self):
        return ProactorLike()


asyncio.set_event_loop_policy(WindowsLikePolicy())


def pytest_asyncio_loop_factories(config, item):
    return {"selector": asyncio.SelectorEventLoop}
