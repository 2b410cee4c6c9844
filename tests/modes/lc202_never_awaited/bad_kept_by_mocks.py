"""Mocks receive coroutines and keep them: Python warns when it collects the mocks, some day."""
# name: send | Jobs.run | main | save
# passes
# findings: 4

import asyncio
from unittest.mock import MagicMock, Mock, patch

import pytest


async def send(text):
    print(text)


class Jobs:
    def start(self):
        self.task = asyncio.create_task(self.run())  # LC202
        return self

    async def run(self):
        await send("started")


async def main():
    await send("hello")


def command():
    job = main()  # LC202
    return asyncio.run(job)


@pytest.mark.asyncio
async def test_a_patched_create_task():
    with patch("asyncio.create_task") as create:
        Jobs().start()
    create.assert_called_once()


@pytest.mark.asyncio
async def test_a_callback():
    on_message = MagicMock()
    on_message("pen", reply=send("ink"))  # LC202
    on_message.assert_called_once()


def test_a_command(monkeypatch):
    run = Mock(return_value=3)
    monkeypatch.setattr(asyncio, "run", run)
    assert command() == 3


def test_a_loop_of_the_app():
    async def save():
        raise LookupError

    app = Mock()
    app.loop().create_task(save())  # LC202
    assert app.loop.called
