"""What a task only adds to a list makes none of these lines true: they are plain failures."""

import asyncio

import pytest
import pytest_asyncio


class Diary:
    def __init__(self):
        self.pages = ["cover"]
        self.authors = {"Ada"}

    async def write(self):
        await asyncio.sleep(0.01)
        self.pages.append("monday")
        self.authors.add("Bob")


@pytest_asyncio.fixture
async def diary():
    diary = Diary()
    task = asyncio.create_task(diary.write())
    yield diary
    await task


pytestmark = pytest.mark.asyncio


async def test_kind(diary):
    assert isinstance(diary.pages, tuple)


async def test_empty(diary):
    assert not diary.pages


async def test_no_page(diary):
    assert diary.pages == []


async def test_too_many(diary):
    assert len(diary.pages) == 0


async def test_absent(diary):
    assert "cover" not in diary.pages


async def test_first(diary):
    assert diary.pages[0] == "title"


async def test_begins(diary):
    assert diary.pages == ["title", "monday"]


async def test_others(diary):
    assert diary.authors == {"Bob"}
