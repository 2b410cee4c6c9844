"""An account and a path are blocked, a double of `time.sleep` ends a test: no loop is blocked."""

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


def guarded(function):
    def inner(path):
        if path.startswith("/etc"):
            raise PermissionDenied(f"{path} is blocked")
        return function(path)

    return inner


class PermissionDenied(Exception):
    pass


class Files:
    open = staticmethod(guarded(open))


async def read(path):
    return Files.open(path)


@pytest.mark.asyncio
async def test_read():
    await read("/etc/passwd")
