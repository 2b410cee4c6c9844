"""Each answer of a batch is a dict, with its error if it failed. A fixture sets the language."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from contextvars import ContextVar

import pytest


@pytest.fixture
def language():
    kept = ContextVar("language")
    token = kept.set("de")
    yield kept
    kept.reset(token)


async def answers(function, questions):
    found = []
    with ThreadPoolExecutor(1) as pool:
        for one in questions:
            waiting = pool.submit(function, one)  # LC214
            try:
                text = await asyncio.wrap_future(waiting)
                found.append({"text": text, "failed": None})
            except LookupError as error:
                found.append({"text": "", "failed": error})
    return found


# name: language
@pytest.mark.asyncio
async def test_greetings(language):
    def greet(name):
        return f"{language.get()} {name}"

    found = await answers(greet, ["Ada", "Bob"])
    assert [one["text"] for one in found] == ["de Ada", "de Bob"]
