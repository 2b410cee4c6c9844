"""Wrong asserts about plain values, and no task anywhere: nothing was too early."""

from unittest.mock import AsyncMock

import pytest


class Board:
    def __init__(self):
        self.rows = [3, 1]

    def all(self):
        return list(self.rows)


@pytest.fixture
def rows():
    return [3, 1]


def test_sorted_the_other_way(rows):
    assert sorted(rows, reverse=True) == [1, 3]


@pytest.mark.asyncio
async def test_sorted_by_something(rows):
    assert sorted(rows, key=lambda row: -row) == [1, 3]


@pytest.mark.asyncio
async def test_the_board_is_sorted():
    board = Board()
    board.rows.append(9)
    assert sorted(board.rows, reverse=True) == [1, 3, 9]


@pytest.mark.asyncio
async def test_a_function_of_that_name(rows):
    def sorted(rows):
        return rows

    assert sorted(rows) == [1, 3]


@pytest.mark.asyncio
async def test_a_length_of_its_own(rows):
    def len(rows):
        return 99

    assert len(rows) == 2


@pytest.mark.asyncio
async def test_it_is_a_copy():
    board = Board()
    rows = board.rows
    assert rows is not board.rows


@pytest.mark.asyncio
async def test_it_is_the_same():
    board, save = Board(), AsyncMock()
    rows = board.all()
    await save(rows)
    assert rows is board.rows
