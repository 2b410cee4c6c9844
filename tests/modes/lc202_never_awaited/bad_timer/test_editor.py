"""An object keeps the async function; the line of its timer drops the coroutine."""
# name: Editor.save

import asyncio

import pytest
from debounce import Debounce


class Editor:
    def __init__(self):
        self.text, self.saved = "", []
        self.changed = Debounce(0, action=self.save)

    def write(self, text):
        self.text += text
        self.changed.poke()

    async def save(self):
        self.saved.append(self.text)


@pytest.mark.asyncio
async def test_it_is_saved():
    editor = Editor()
    editor.write("tea")
    await asyncio.sleep(0.01)
    assert editor.saved == ["tea"]
