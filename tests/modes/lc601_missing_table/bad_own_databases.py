"""Each test has a database of its own, and one of them makes no schema."""

# name: notes
import aiosqlite
import pytest


class Notes:
    def __init__(self, path):
        self.path = path

    async def begin(self):
        async with aiosqlite.connect(self.path) as db:
            await db.execute("create table notes (id integer primary key, text text)")

    async def add(self, text):
        async with aiosqlite.connect(self.path) as db:  # LC601
            await db.execute("insert into notes (text) values (?)", (text,))
            await db.commit()


@pytest.mark.asyncio
async def test_a_note_is_added(tmp_path):
    notes = Notes(tmp_path / "notes.db")
    await notes.begin()
    await notes.add("tea")


@pytest.mark.asyncio
async def test_notes_that_were_not_begun(tmp_path):
    await Notes(tmp_path / "notes.db").add("tea")
