"""An index is built beside the test, in sets that a defaultdict makes as they are asked for."""

import asyncio
from collections import defaultdict

import pytest


class Index:
    def __init__(self):
        self.words = defaultdict(set)

    async def add(self, name, text):
        await asyncio.sleep(0.001)
        for word in text.split():
            self.words[word].add(name)


# name: Index.add
@pytest.mark.asyncio
async def test_words_are_found():
    index = Index()
    job = asyncio.create_task(index.add("poem", "roses are red"))
    await asyncio.sleep(0)
    assert "roses" in index.words  # LC208
    await job
