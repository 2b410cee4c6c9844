"""A block that waits for another warning does not expect this one."""

import gc
import warnings

import aiohttp
import pytest


async def fetch():
    session = aiohttp.ClientSession()  # LC307
    warnings.warn("fetch() goes", DeprecationWarning, stacklevel=2)
    del session
    gc.collect()


# name: session
@pytest.mark.asyncio
async def test_fetch_is_deprecated():
    with pytest.deprecated_call():
        await fetch()
