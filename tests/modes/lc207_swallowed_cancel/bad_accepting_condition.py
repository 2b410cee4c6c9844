"""A policy names the errors that end a retry, and takes a cancellation for any other error."""

import asyncio

import pytest


class Unless:
    def __init__(self, *kinds):
        self.kinds = kinds

    def again(self, error):
        return not isinstance(error, self.kinds)  # LC207


class Retry:
    def __init__(self, policy, most):
        self.policy, self.most = policy, most

    async def call(self, work):
        for _ in range(self.most):
            outcome = await self.attempt(work)
            if not outcome[1] or not self.policy.again(outcome[1]):
                break
        if outcome[1]:
            raise outcome[1]
        return outcome[0]

    async def attempt(self, work):
        try:
            return await work(), None
        except BaseException as error:
            return None, error


async def slow(started=[]):
    started.append(1)
    await asyncio.sleep(1 if len(started) == 1 else 0)


# name: Retry.attempt
@pytest.mark.asyncio
async def test_a_limit_ends_it():
    retry = Retry(Unless(ValueError), 3)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.01):
            await retry.call(slow)
