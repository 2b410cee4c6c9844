"""The code raises Django's error itself, to say that its cache is for plain code."""

import pytest
from django.core.exceptions import SynchronousOnlyOperation


async def load():
    raise SynchronousOnlyOperation("use aload()")


@pytest.mark.asyncio
async def test_load():
    await load()
