"""The timer starts a task of what an object keeps; a helper awaits what it is given."""

import asyncio

import pytest
from debounce import Debounce, jobs, persistent


class Editor:
    def __init__(self):
        self.saved = []
        self.changed = Debounce(0, action=self.save)

    async def save(self):
        self.saved.append("tea")
        return self.saved


@pytest.mark.asyncio
async def test_it_is_saved():
    editor = Editor()
    editor.changed.poke()
    await asyncio.sleep(0.01)
    await asyncio.gather(*jobs)
    assert editor.saved == ["tea"]


@pytest.mark.asyncio
async def test_a_helper_awaits_it():
    assert await persistent(lambda: Editor().save()) == ["tea"]
