"""A fixture starts the mail worker before the test has chosen a language."""

import asyncio
from contextvars import ContextVar

import pytest
import pytest_asyncio

language = ContextVar("language")
WORDS = {"en": "Hello", "fr": "Bonjour"}


async def send_mails(jobs):
    while True:
        name, sent = await jobs.get()
        try:
            sent.set_result(f"{WORDS[language.get()]} {name}")  # LC214
        except Exception as error:
            sent.set_exception(error)


@pytest_asyncio.fixture
async def jobs():
    queue = asyncio.Queue()
    worker = asyncio.create_task(send_mails(queue))
    yield queue
    worker.cancel()


# name: language
@pytest.mark.asyncio
async def test_mails_speak_the_language_of_the_user(jobs):
    language.set("fr")
    sent = asyncio.get_running_loop().create_future()
    jobs.put_nowait(("Ada", sent))
    assert await sent == "Bonjour Ada"
