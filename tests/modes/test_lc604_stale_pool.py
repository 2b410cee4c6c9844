"""LC604: it names the database pool that is used after its end, and leaves others alone."""

from dataclasses import replace

from loopcheck.modes.databases.lc604_stale_pool import detect
from loopcheck.modes.databases.lc604_stale_pool.evidence import find_stale_pool
from loopcheck.records import (
    BoundRecord,
    DoneAt,
    ErrorRecord,
    Evidence,
    Kept,
    LoopRecord,
    Place,
    StalePool,
    Subject,
    TestRecord,
)

HOME = LoopRecord(label="loop 1", role="function loop of test_one", state="closed")
HERE = LoopRecord(label="loop 2", role="function loop of test_two")
LINE = Place("tests/conftest.py", 12, "pool")
SUBJECT = Subject(name="pool", type="asyncpg.pool.Pool")
POOL = BoundRecord(
    subject=SUBJECT,
    loop=HOME,
    witness="asyncpg.pool.Pool",
    keeper="global",
    kept_at=LINE,
    made_at=LINE,
    used_at=Place("tests/test_shop.py", 30, "test_two"),
    pool=True,
)
BUSY = ErrorRecord(
    type="asyncpg.exceptions._base.InterfaceError",
    message="cannot perform operation: another operation is in progress",
    module="asyncpg.connection",
    function="_check",
    raised="other",
    owner="library",
)
TEST = TestRecord(nodeid="t.py::two", name="two", phase="call", loop_scope="function")
USED = Evidence(test=TEST, used_on=HERE, errors=(BUSY,), bound=(POOL,))
USE = Place("tests/test_shop.py", 9, "test_two")
CLOSING = DoneAt(place=Place("tests/test_shop.py", 5, "test_one"), test="t.py::one")
CLOSED = StalePool(
    thing=Kept(subject=SUBJECT, keeper="fixture", fixture="pool", kept_at=LINE),
    kind="pool",
    how="closed",
    used_at=USE,
    ended=CLOSING,
)

ERROR = ErrorRecord(
    type="InterfaceError",
    message="",
    module="asyncpg.pool",
    function="_check_init",
    raised="other",
    owner="library",
)


def case(seen: StalePool) -> Evidence:
    return Evidence.knowing({find_stale_pool: seen}, test=TEST, errors=(ERROR,))


def test_the_pool_its_closed_loop_and_its_maker_are_named() -> None:
    [found] = detect(USED)
    assert (found.code, found.certainty, found.where) == ("LC604", "certain", LINE)
    assert (found.made_on, found.used_on) == (str(HOME), str(HERE))
    assert found.what == (
        "`pool` opened its connections on loop 1 (function loop of test_one), now closed,"
        " and is used on loop 2 (function loop of test_two)."
    )
    assert found.why == (
        "`pool` (Pool) keeps connections open, and a connection works only on the loop that opened"
        " it. asyncpg raises `another operation is in progress`, or waits forever."
    )
    assert found.fix == (
        "Create `pool` for each test in a `@pytest_asyncio.fixture`, and close it after its"
        " `yield`. Or give the tests one loop,"
        ' `pytestmark = pytest.mark.asyncio(loop_scope="module")`, and create `pool` in a'
        ' `@pytest_asyncio.fixture(scope="module", loop_scope="module")`.'
    )


def test_a_pool_of_an_open_loop_is_left_to_lc102() -> None:
    assert not list(detect(replace(USED, bound=(replace(POOL, loop=replace(HOME, state="open")),))))


def test_a_client_that_pools_inside_is_left_to_lc101() -> None:
    assert not list(detect(replace(USED, bound=(replace(POOL, pool=False),))))


def test_words_without_a_pool_of_another_loop_are_not_enough() -> None:
    assert not list(detect(replace(USED, bound=())))
    assert not list(detect(replace(USED, bound=(replace(POOL, loop=replace(HERE)),))))


def test_the_line_that_closed_it_is_the_one_to_change() -> None:
    [found] = detect(case(CLOSED))
    assert (found.certainty, found.where, found.used_at) == ("certain", CLOSING.place, USE)
    assert found.what == (
        "tests/test_shop.py:9 uses `pool` after tests/test_shop.py:5 closed it during t.py::one."
    )


def test_a_fixture_that_closes_what_it_gives_is_named_itself() -> None:
    own = replace(CLOSED, ended=replace(CLOSING, fixture="pool"))
    [found] = detect(case(own))
    assert found.where == LINE
    assert "yield" in found.fix


def test_an_end_that_nobody_saw_is_likely_only() -> None:
    [found] = detect(case(replace(CLOSED, ended=None)))
    assert (found.certainty, found.where) == ("likely", LINE)


def test_each_way_to_end_is_said_in_its_own_words() -> None:
    whats = []
    for how in ("released", "not opened", "ended"):
        seen = replace(CLOSED, kind="connection", how=how, ended=None)
        [found] = detect(case(seen))
        whats.append(found.what)
    assert whats == [
        "tests/test_shop.py:9 uses `pool` after it was given back to its pool.",
        "tests/test_shop.py:9 uses `pool`, which was never opened because nothing awaited it.",
        "tests/test_shop.py:9 uses `pool` after the server ended its connection.",
    ]


def test_what_two_loops_broke_is_not_said_to_be_closed() -> None:
    open_home = replace(POOL, loop=replace(HOME, state="open"))
    assert not list(detect(replace(USED, bound=(open_home,), questions=case(CLOSED).questions)))


def test_who_makes_one_only_where_there_is_none_is_to_forget_the_closed_one() -> None:
    asked = Place("db.py", 6, "start")
    [found] = detect(case(replace(CLOSED, closed_as="Db._pool", asked_at=asked)))
    assert found.fix == (
        "Set `Db._pool = None` after tests/test_shop.py:5: db.py:6 creates a new one only if there"
        " is none."
    )
    [found] = detect(case(replace(CLOSED, closed_as="_pool", asked_at=asked)))
    assert found.fix.startswith("Set `_pool = None`, with `global _pool`, after ")


def test_an_executor_is_named_with_the_only_line_that_shuts_it_down() -> None:
    thing = Kept(subject=Subject(name="workers", type="ThreadPoolExecutor"), made_at=LINE)
    ended = DoneAt(place=Place("tests/conftest.py", 15, "app"), fixture="app")
    seen = StalePool(
        thing=thing,
        kind="executor",
        how="closed",
        used_at=Place("shop.py", 4),
        ended=ended,
        surely=False,
    )
    refused = replace(
        BUSY, type="RuntimeError", message="cannot schedule new futures after shutdown"
    )
    [found] = detect(Evidence.knowing({find_stale_pool: seen}, errors=(refused,)))
    assert (found.where, found.certainty, found.remedy) == (ended.place, "likely", ())
    assert found.what == (
        "shop.py:4 uses `workers` after fixture `app` shut it down at tests/conftest.py:15."
    )
    assert found.fix.startswith("Shut down `workers` only where it is created")
