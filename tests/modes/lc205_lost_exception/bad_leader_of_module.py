"""A token is renewed once, and a helper waits for it; the old token is what they get."""

# name: renewal
import asyncio

import pytest

token = "old"
renewal = None


async def renew(ask):
    global token, renewal
    renewal = asyncio.get_running_loop().create_future()
    try:
        token = await ask()
    finally:
        renewal.set_result(token)  # LC205


async def valid_token(ask):
    if renewal is None:
        await renew(ask)
        return token
    return await asyncio.wait_for(renewal, 1)


async def call_api(ask):
    return {"token": await valid_token(ask)}


@pytest.mark.asyncio
async def test_no_call_without_a_token():
    async def ask():
        await asyncio.sleep(0.01)
        raise PermissionError("revoked")

    first = asyncio.ensure_future(call_api(ask))
    await asyncio.sleep(0)
    with pytest.raises(PermissionError):
        await call_api(ask)
    assert isinstance(first.exception(), PermissionError)
