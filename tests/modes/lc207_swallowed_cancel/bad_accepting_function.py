"""A decorator gets its condition as a function. Its loop keeps each error, and asks that."""

import asyncio

import pytest


def repeat(most, when):
    def decorate(function):
        async def inner(*args):
            errors = []
            while len(errors) < most:
                try:
                    return await function(*args)
                except BaseException as error:
                    errors.append(error)
                if not when(errors[-1]):
                    raise errors[-1]
            return None

        return inner

    return decorate


def is_passing(error):
    return not isinstance(error, KeyError) and not isinstance(error, ValueError)  # LC207


# name: inner
@pytest.mark.asyncio
async def test_a_limit_ends_it():
    @repeat(2, is_passing)
    async def fetch():
        await asyncio.sleep(1)

    with pytest.raises(TimeoutError):
        await asyncio.wait_for(fetch(), 0.01)
