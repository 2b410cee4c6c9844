"""A plain helper opens a file, called by a coroutine. The check asks whether a loop runs."""

import asyncio
import builtins
import functools

import pytest


def guarded(function):
    @functools.wraps(function)
    def inner(*args, **kwargs):
        try:
            asyncio.get_running_loop()
        except RuntimeError:
            return function(*args, **kwargs)
        raise AssertionError(f"{function.__name__} in a coroutine")

    return inner


def read_settings(path):
    with open(path) as file:  # LC107
        return file.read()


async def start(path):
    await asyncio.sleep(0)
    return read_settings(path)


# name: open
@pytest.mark.asyncio
async def test_start(tmp_path, monkeypatch):
    path = tmp_path / "settings"
    path.write_text("port = 80")
    with monkeypatch.context() as patch:
        patch.setattr(builtins, "open", guarded(open))
        assert await start(path) == "port = 80"
