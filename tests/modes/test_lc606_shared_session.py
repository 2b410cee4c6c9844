"""LC606: it names what two tasks used at once, and who they were."""

from dataclasses import replace

from loopcheck.modes.databases.lc606_shared_session import detect
from loopcheck.modes.databases.lc606_shared_session.evidence import find_shared_connection
from loopcheck.records import (
    ConnectionUse,
    ErrorRecord,
    Evidence,
    Kept,
    Place,
    SharedConnection,
    Subject,
)

MAKER, USE = Place("tests/conftest.py", 7, "session"), Place("tests/test_shop.py", 12, "total")
SEEN = SharedConnection(
    thing=Kept(
        subject=Subject(name="session", type="sqlalchemy.ext.asyncio.session.AsyncSession"),
        keeper="fixture",
        fixture="session",
        kept_at=MAKER,
    ),
    kind="session",
    used_at=USE,
    coroutine="total",
    others=(ConnectionUse(coroutine="stock", place=Place("tests/test_shop.py", 20, "stock")),),
)
BUSY = ErrorRecord(
    type="asyncpg.exceptions._base.InterfaceError",
    message="cannot perform operation: another operation is in progress",
    module="asyncpg.connection",
    function="_check",
    raised="other",
    owner="library",
)

ERROR = ErrorRecord(
    type="InterfaceError",
    message="",
    module="asyncpg.connection",
    function="_check_open",
    raised="other",
    owner="library",
)


def case(seen: SharedConnection) -> Evidence:
    return Evidence.knowing({find_shared_connection: seen}, errors=(ERROR,))


def test_the_session_and_both_tasks_are_named() -> None:
    [found] = detect(case(SEEN))
    assert (found.certainty, found.where, found.used_at) == ("certain", MAKER, USE)
    assert found.what == (
        "Two tasks use `session` at once, `stock` at tests/test_shop.py:20 and `total` at"
        " tests/test_shop.py:12."
    )
    assert found.why == (
        "A session has one connection and one transaction, and does one thing at a time. Even"
        " if both tasks succeed, a rollback in one undoes what the other did."
    )
    assert "async with make_session() as session:" in found.fix


def test_a_task_that_has_ended_since_is_not_made_up() -> None:
    [found] = detect(case(replace(SEEN, others=())))
    assert found.what == (
        "Two tasks use `session` at once, and one of them was refused at tests/test_shop.py:12."
    )


def test_a_query_inside_of_another_is_no_second_task() -> None:
    [found] = detect(case(replace(SEEN, kind="connection", nested=True)))
    assert "Two tasks" not in found.what
    assert "second connection" in found.fix


def test_the_words_alone_are_left_alone() -> None:
    assert not list(detect(Evidence(errors=(BUSY,))))
