"""A mock's side effect is a lambda: the mock returns its coroutine, and awaits nothing."""

import asyncio
from unittest.mock import AsyncMock

import pytest


async def look_up(word):
    await asyncio.sleep(0)
    return {"tea": "thé"}[word]


class Reader:
    def __init__(self, dictionary):
        self.dictionary = dictionary

    async def read(self, words):
        found = [await self.dictionary.get(word) for word in words]
        return " ".join(found)


# name: look_up
@pytest.mark.asyncio
async def test_words_are_translated():
    dictionary = AsyncMock()
    dictionary.get.side_effect = lambda word: look_up(word)  # LC202
    assert await Reader(dictionary).read(["tea"]) == "thé"
