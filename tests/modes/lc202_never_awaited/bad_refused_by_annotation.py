"""A board takes coroutines, as its annotation says, and refuses one."""

# name: write
from collections.abc import Coroutine

import pytest


class Board:
    def __init__(self):
        self.notes = {}

    @staticmethod
    def pin(notes, place, note: Coroutine):  # LC202
        if place in notes:
            return False
        notes[place] = note
        return True

    async def read(self):
        return [await note for note in self.notes.values()]


async def write(words):
    return words


@pytest.mark.asyncio
async def test_a_place_has_one_note():
    board = Board()
    assert Board.pin(board.notes, "left", write("tea"))
    assert not Board.pin(board.notes, "left", write("milk"))
    assert await board.read() == ["tea"]
