"""LC603: it names who keeps the connections, and since when."""

from dataclasses import replace

from loopcheck.modes.databases.lc603_pool_exhausted import SUPERSEDES, detect
from loopcheck.modes.databases.lc603_pool_exhausted.evidence import find_exhausted_pool
from loopcheck.records import (
    DoneAt,
    ErrorRecord,
    Evidence,
    ExhaustedPool,
    HeldConnection,
    Kept,
    Place,
    Subject,
)

TAKEN, USE = Place("tests/test_shop.py", 5, "test_one"), Place("tests/test_shop.py", 12, "test_two")
HOLDER = HeldConnection(taken=DoneAt(place=TAKEN, test="t.py::one"), name="session", made_at=TAKEN)
ENGINE = Kept(
    subject=Subject(name="engine", type="sqlalchemy.ext.asyncio.engine.AsyncEngine"),
    keeper="fixture",
    kept_at=Place("tests/conftest.py", 3, "engine"),
)
SEEN = ExhaustedPool(thing=ENGINE, most=1, used_at=USE, holders=(HOLDER,))

ERROR = ErrorRecord(
    type="TimeoutError",
    message="",
    module="sqlalchemy.pool.impl",
    function="_do_get",
    raised="other",
    owner="library",
)


def case(seen: ExhaustedPool) -> Evidence:
    return Evidence.knowing({find_exhausted_pool: seen}, errors=(ERROR,))


def test_the_holder_and_its_test_are_named() -> None:
    [found] = detect(case(SEEN))
    assert (found.certainty, found.where, found.used_at) == ("certain", TAKEN, USE)
    assert found.subject is not None
    assert found.subject.name == "session"
    assert found.what == (
        "`engine` has no connection left at tests/test_shop.py:12 because its only connection is"
        " taken by `session` at tests/test_shop.py:5 since t.py::one."
    )
    assert "test has ended" in found.why
    assert found.fix == (
        "Take `session` with `async with`, and take no second connection inside it. A larger"
        " pool only fails later."
    )


def test_those_at_work_make_it_likely_only() -> None:
    [found] = detect(case(replace(SEEN, holders=(replace(HOLDER, kept=False),))))
    assert found.certainty == "likely"
    assert found.why == "More tasks need a connection at once than the pool has."


def test_the_fixture_that_keeps_it_is_named() -> None:
    held = replace(HOLDER, taken=DoneAt(place=TAKEN, fixture="catalogue"))
    [found] = detect(case(replace(SEEN, holders=(held,))))
    assert "in fixture `catalogue`" in found.what
    assert "fixture `catalogue`" in found.fix


def test_the_users_own_context_manager_is_to_give_it_back() -> None:
    lender = Place("shop/db.py", 8, "session_of")
    held = replace(HOLDER, lender=lender)
    [found] = detect(case(replace(SEEN, holders=(held,))))
    assert found.where == lender
    assert found.fix.startswith("Let `session_of` release `session` when its block ends")


def test_a_server_has_a_limit_of_its_own() -> None:
    many = replace(HOLDER, count=98)
    seen = replace(SEEN, thing=None, most=None, server=True, holders=(many,))
    [found] = detect(case(seen))
    assert found.what == (
        "The server refuses another connection at tests/test_shop.py:12 because 98 are taken by"
        " `session` at tests/test_shop.py:5 since t.py::one."
    )


def test_the_line_that_writes_beside_an_open_transaction_is_named() -> None:
    line = Place("shop/till.py", 20, "sell")
    held = replace(HOLDER, name="sale", inside=line)
    seen = replace(SEEN, thing=None, most=None, file="the SQLite file `shop.db`", holders=(held,))
    [found] = detect(case(seen))
    assert (found.certainty, found.where, found.remedy) == ("certain", line, ())
    assert found.what == (
        "The SQLite file `shop.db` is locked at tests/test_shop.py:12 because `sale` wrote to it at"
        " tests/test_shop.py:5 since t.py::one and has not committed."
    )
    assert found.fix.startswith("Write through one connection: at shop/till.py:20 use `sale`")


def test_a_fixture_is_to_commit_what_it_wrote_to_a_file() -> None:
    held = replace(HOLDER, made_at=USE, taken=DoneAt(place=TAKEN, fixture="boats"))
    seen = replace(SEEN, thing=None, most=None, file="the SQLite file `lake.db`", holders=(held,))
    [found] = detect(case(seen))
    assert found.where == TAKEN
    assert found.fix.startswith("Let fixture `boats` commit what `session` wrote")


def test_a_pool_whose_holders_nobody_saw_is_named_itself() -> None:
    [found] = detect(case(replace(SEEN, holders=())))
    assert (found.certainty, found.where) == ("likely", ENGINE.kept_at)


def test_a_limit_that_ran_out_for_another_reason_is_left_alone() -> None:
    late = ErrorRecord(
        type="TimeoutError",
        message="",
        module="asyncio.timeouts",
        function="__aexit__",
        raised="other",
        owner="library",
    )
    assert not list(detect(Evidence(errors=(late,))))


def test_it_beats_what_was_not_closed_and_the_hang() -> None:
    assert {"LC307", "LC203"} <= SUPERSEDES
