"""An account is blocked, and a double of `time.sleep` ends a test: neither blocks a loop."""

import time

import pytest


class AccountBlocked(Exception):
    pass


class Account:
    async def send(self, amount):
        self.check(amount)

    def check(self, amount):
        raise AccountBlocked(f"blocked: {amount}")


@pytest.mark.asyncio
async def test_send():
    await Account().send(12)


def too_long(seconds):
    raise RuntimeError("the test would take too long")


async def wait_twice():
    time.sleep(1)
    time.sleep(1)


@pytest.mark.asyncio
async def test_wait_twice(monkeypatch):
    monkeypatch.setattr(time, "sleep", too_long)
    await wait_twice()
