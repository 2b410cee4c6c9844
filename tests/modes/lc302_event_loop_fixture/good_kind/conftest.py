import asyncio


class Fair(asyncio.SelectorEventLoop):
    """Lets everybody have a turn."""


def pytest_asyncio_loop_factories(config, item):
    return {"own": Fair}
