"""Work that a loop cut off, and a test that fails for another reason, or was meant so."""

import asyncio
import sqlite3

rows = sqlite3.connect(":memory:")
rows.execute("create table visit (name text)")
rows.execute("create table fruit (name text)")
BEATS, LATE = [], []


async def beat():
    while True:
        BEATS.append(1)
        await asyncio.sleep(0)


async def late(name):
    await asyncio.sleep(0.1)
    LATE.append(name)
    rows.execute("insert into visit values (?)", (name,))


async def main():
    tasks = [asyncio.create_task(beat()), asyncio.create_task(late("ann"))]
    await asyncio.sleep(0)
    return len(tasks)


def test_an_endless_task_had_its_turns():
    asyncio.run(main())
    assert BEATS == []


def test_another_table():
    asyncio.run(main())
    assert rows.execute("select name from fruit").fetchall() == [("plum",)]


def test_it_was_to_be_cut_off():
    assert asyncio.run(main()) == 2
    assert LATE == []


def test_of_an_earlier_test():
    assert LATE == ["ann"]
