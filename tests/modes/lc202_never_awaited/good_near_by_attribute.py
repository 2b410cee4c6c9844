"""What `getattr` or a dict gives is called and awaited, or closed; a test fails for itself."""

import inspect

import pytest

seen = []


class Database:
    async def on_start(self):
        seen.append("start")

    def on_ready(self):
        seen.append("ready")


async def note(event):
    seen.append(event)


HANDLERS = {"paid": note}


async def run_hook(plugin, name):
    found = getattr(plugin, name, lambda: None)()
    if inspect.isawaitable(found):
        await found


@pytest.mark.asyncio
async def test_hooks():
    getattr(Database(), "on_ready")()
    await run_hook(Database(), "on_start")
    assert seen == ["start", "ready"]


@pytest.mark.asyncio
async def test_handlers():
    await HANDLERS["paid"](3)
    HANDLERS["paid"](4).close()
    assert seen[-1] == 4
