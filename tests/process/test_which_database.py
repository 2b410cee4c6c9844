"""Which database a connection leads to: one in memory is told from the ones that are gone."""

import gc
import sqlite3

from loopcheck.process.databases import table_statements


class Line(sqlite3.Connection):
    """As aiosqlite's: another thing may have its id once it is gone."""


def key_of_a_new_one() -> tuple[str, int]:
    line = sqlite3.connect(":memory:", factory=Line)
    key, _ = table_statements.sqlite(":memory:", line)
    assert table_statements.sqlite(":memory:", line)[0] == key
    line.close()
    return key, id(line)


def test_a_database_in_memory_is_not_taken_for_one_that_is_gone() -> None:
    seen = []
    for _ in range(20):
        seen.append(key_of_a_new_one())
        gc.collect()
    assert len({place for _, place in seen}) < 20  # ids are given again
    assert len({key for key, _ in seen}) == 20


def test_what_is_gone_is_forgotten() -> None:
    before = len(table_statements._numbers)
    key_of_a_new_one()
    gc.collect()
    assert len(table_statements._numbers) == before
