"""The class board: what is shared and nothing else, who may read it, and what a learner sees."""

import json
from pathlib import Path

import pytest
from boards import Room, room  # type: ignore[import-not-found]
from shells import Cells  # type: ignore[import-not-found]

from loopcheck.lab import exercises, lessons
from loopcheck.lab.board import shown
from loopcheck.lab.board.sending import SENDER

__all__ = ["room"]
STEM = "lc102_loop_mismatch"
WRONG = "%%exercise LC102\nimport pytest\n"


def test_a_verdict_reaches_the_board_of_a_room(cells: Cells, room: Room) -> None:
    assert cells("%progress --share --name 'Ann A.'").startswith(
        "You share with the class board as Ann A.: lesson, which requirements are met"
    )
    cells(WRONG)
    assert SENDER.wait()
    [one] = shown.read(room.by("eve")).seen
    assert (one.row.name, one.row.lesson) == ("Ann A.", STEM)
    assert one.row.requirements[0] == ("the cell can be read as Python", "met")
    assert one.row.stop is not None
