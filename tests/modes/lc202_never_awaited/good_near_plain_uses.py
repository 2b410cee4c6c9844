"""Errors of the same kinds that no word of the line can mend, and what may be used in both ways."""

# other: LC202
import asyncio

import pytest

pytestmark = pytest.mark.asyncio


class Both:
    def __iter__(self):
        return iter([1])

    async def __aiter__(self):
        yield 1

    def __enter__(self):
        raise TypeError("no connection")

    async def __aenter__(self):
        return self

    async def __aexit__(self, *error): ...

    def __exit__(self, *error): ...


async def numbers():
    yield 1
    yield "two"


async def test_another_type_error_in_the_loop():
    total = 0
    async for one in numbers():
        total += one


async def test_a_manager_that_fails():
    with Both():
        pass


async def test_a_number():
    for one in 5:
        assert one


async def test_none_of_a_wrapper():
    def pick(name):
        return {"a": asyncio.sleep}.get(name)

    await pick("b")(0)
