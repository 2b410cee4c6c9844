"""One line for each thing, and a kind word where there is nothing."""

import pytest

from loopcheck.records import (
    ConfigRecord,
    LoopRecord,
    PatchRecord,
    Place,
    PoolRecord,
    RegistryRecord,
    Subject,
)
from loopcheck.report import _registries as words
from loopcheck.report.sections import Section

LOOP = LoopRecord(label="loop 1", role="module loop of tests/test_shop.py")
GONE = LoopRecord(label="loop 2", state="closed")


def lines(section: Section) -> list[dict[str, str]]:
    """Return each row by its columns, without the empty cells."""
    return [
        {column: cell for column, cell in zip(section.columns, row, strict=True) if cell}
        for row in section.rows
    ]


def test_a_metric_says_what_it_is_and_where_it_was_made() -> None:
    metric = RegistryRecord(
        kind="metric", name="orders", detail="Counter by user", made_at=Place("shop.py", 3)
    )
    assert lines(words.registries([metric])) == [
        {"kind": "metric", "name": "orders", "what": "Counter by user", "made at": "shop.py:3"}
    ]


def test_an_exception_handler_names_its_loop() -> None:
    handler = RegistryRecord(kind="exception handler", name="swallow", loop=LOOP)
    [line] = lines(words.registries([handler]))
    assert line["loop"] == "loop 1 (module loop of tests/test_shop.py)"


def test_a_pool_says_how_full_it_is_and_who_holds_what() -> None:
    pool = PoolRecord(
        subject=Subject(name="pool", type="asyncpg.pool.Pool"),
        loop=LOOP,
        in_use=5,
        free=0,
        most=5,
        holders=("work at a.py:1", "work at a.py:1", "b at b.py:2", "c at c.py:3", "d at d.py:4"),
    )
    assert lines(words.pools([pool])) == [
        {
            "name": "pool",
            "type": "Pool",
            "in use": "5",
            "free": "0",
            "most": "5",
            "loop": str(LOOP),
            "held by": "work at a.py:1 (2 times), b at b.py:2, c at c.py:3 and 1 more",
        }
    ]


def test_a_closed_pool_and_a_closed_loop_say_so() -> None:
    pool = PoolRecord(subject=Subject(name="pool", type="x.Pool"), loop=GONE, closed=True)
    [line] = lines(words.pools([pool]))
    assert (line["state"], line["loop"]) == ("closed", "loop 2, closed")


def test_what_is_not_known_of_a_pool_stays_empty() -> None:
    [line] = lines(words.pools([PoolRecord(subject=Subject(name="pool", type="x.Pool"))]))
    assert line == {"name": "pool", "type": "Pool"}


def test_a_patch_names_what_it_does_not_reach() -> None:
    patch = PatchRecord(
        target="store.get_client",
        by="unittest.mock",
        double="unittest.mock.AsyncMock",
        made_at=Place("tests/test_shop.py", 7),
        missed=("service.get_client", "worker.get_client"),
    )
    assert lines(words.patches([patch])) == [
        {
            "target": "store.get_client",
            "now": "unittest.mock.AsyncMock",
            "by": "unittest.mock",
            "patched at": "tests/test_shop.py:7",
            "not reached": "service.get_client, worker.get_client",
        }
    ]


def test_settings_that_need_a_change_come_first() -> None:
    fine = ConfigRecord(name="asyncio_mode", value="auto", said_in="pytest.ini")
    old = ConfigRecord(name="pytest-asyncio", value="0.23", advice="Upgrade to 1.0.")
    assert lines(words.config([fine, old])) == [
        {"setting": "pytest-asyncio", "value": "0.23", "say instead": "Upgrade to 1.0."},
        {"setting": "asyncio_mode", "value": "auto", "said in": "pytest.ini"},
    ]


@pytest.mark.parametrize("say", [words.registries, words.pools, words.patches, words.config])
def test_nothing_is_said_kindly(say: object) -> None:
    assert callable(say)
    section = say([])
    assert section.rows == ()
    assert section.note.startswith("none")


def test_a_long_list_is_cut_with_a_word_about_the_rest() -> None:
    many = [RegistryRecord(kind="metric", name=f"m{number}") for number in range(50)]
    section = words.registries(many)
    assert len(section.rows) == words.SHOWN
    assert section.note == "and 30 more"
