"""A limit around the `gather` returns the same results, and they are dropped all the same."""

import asyncio

import pytest


class Board:
    def __init__(self, width):
        self.cells = dict.fromkeys(range(width), "")

    async def write(self, place, word):
        await asyncio.sleep(0)
        self.cells[place] = word.upper()


# name: Board.write
@pytest.mark.asyncio
async def test_words_are_written():
    board = Board(3)
    words = ["ox", None, "hen"]
    writers = [board.write(place, word) for place, word in enumerate(words)]
    await asyncio.wait_for(asyncio.gather(*writers, return_exceptions=True), 5)  # LC205
    assert board.cells[1] == "CAT"
