"""A handler returns the coroutine that it should await: the router awaits the handler only."""

# name: page
import pytest


class Router:
    def __init__(self):
        self.handlers = {}

    def on(self, path):
        def keep(handler):
            self.handlers[path] = handler
            return handler

        return keep

    async def ask(self, path):
        body = await self.handlers[path]()
        if not isinstance(body, str):
            raise TypeError(f"{path} answered with a {type(body).__name__}")
        return body


async def page(name):
    return f"<h1>{name}</h1>"


@pytest.mark.asyncio
async def test_it_shows_the_page():
    router = Router()

    @router.on("/")
    async def index():
        return page("index")  # LC202

    assert await router.ask("/") == "<h1>index</h1>"
