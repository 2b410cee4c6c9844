"""These warnings are the project's own, expected, or no deprecation."""

import warnings

import httpx
import pytest


def upload(text):
    warnings.warn("call send() instead", DeprecationWarning, stacklevel=2)
    return text


async def test_own_warning():
    assert upload("tea") == "tea"


async def test_expected():
    transport = httpx.MockTransport(lambda request: httpx.Response(201))
    async with httpx.AsyncClient(transport=transport) as client:
        with pytest.warns(DeprecationWarning):
            answer = await client.post("http://shop/notes", data=b"tea")
    assert answer.status_code == 200


async def test_another_warning():
    warnings.warn("tea is out", RuntimeWarning, stacklevel=1)
