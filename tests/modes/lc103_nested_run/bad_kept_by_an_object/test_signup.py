"""The error is kept for later, and the coroutine with it: not even Python warns yet."""

# name: send
import pytest
from signup import Signup


def test_from_synchronous_code():
    assert Signup().finish("a")["mail"] == "to a"


@pytest.mark.asyncio
async def test_from_async_code():
    signup = Signup()
    assert signup.finish("b") == {"mail": "to b"}
