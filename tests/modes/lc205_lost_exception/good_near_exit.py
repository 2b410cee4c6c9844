"""A worker ends the whole program: its exit leaves the loop by itself, and the test expects it."""

import asyncio
import gc

import pytest


async def refuses(config):
    if "port" not in config:
        raise SystemExit(2)


async def serve(config):
    asyncio.create_task(refuses(config))
    await asyncio.Event().wait()


async def tidy(config):
    worker = asyncio.create_task(refuses(config))
    try:
        await asyncio.Event().wait()
    finally:
        raise BaseExceptionGroup("the server ended", [worker.exception()])


@pytest.mark.parametrize("main", [serve, tidy])
def test_no_server_without_a_port(main):
    with pytest.raises(SystemExit, match="2"):
        asyncio.run(main({}))
    gc.collect()
