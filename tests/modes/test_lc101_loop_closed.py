"""LC101: it names what outlived its loop, and is silent where no loop was closed."""

from dataclasses import replace

from loopcheck.modes.loops.lc101_loop_closed import detect
from loopcheck.records import (
    BoundRecord,
    ErrorRecord,
    Evidence,
    LoopRecord,
    Place,
    Subject,
    TestRecord,
)

HOME = LoopRecord(label="loop 1", role="function loop of test_one", state="closed")
HERE = LoopRecord(label="loop 2", role="function loop of test_two")
LINE = Place("tests/conftest.py", 12, "client")
CLIENT = BoundRecord(
    subject=Subject(name="client", type="valkey.asyncio.client.Valkey"),
    loop=HOME,
    witness="asyncio.streams.StreamWriter",
    keeper="global",
    kept_at=LINE,
    made_at=LINE,
    used_at=Place("tests/test_shop.py", 30, "test_two"),
)
CLOSED = ErrorRecord(
    type="RuntimeError",
    message="Event loop is closed",
    module="asyncio.base_events",
    function="_check_closed",
    raised="other",
    owner="library",
)
FOREIGN = replace(
    CLOSED,
    message="got Future <Future pending> attached to a different loop",
    module="asyncio.streams",
    function="_wait_for_data",
)
TEST = TestRecord(nodeid="t.py::two", name="two", phase="call", loop_scope="function")
USED = Evidence(test=TEST, used_on=HERE, errors=(CLOSED, FOREIGN), bound=(CLIENT,))


def test_the_object_its_closed_loop_and_the_line_are_named() -> None:
    [found] = detect(USED)
    assert (found.code, found.certainty, found.where) == ("LC101", "certain", LINE)
    assert (found.made_on, found.used_on) == (str(HOME), str(HERE))
    assert found.what == (
        "`client` belongs to loop 1 (function loop of test_one), which is closed, and is used"
        " on loop 2 (function loop of test_two)."
    )
    assert found.why == (
        "`client` (Valkey) stays bound to the loop on which it first connected or waited. A"
        " closed loop sends nothing and wakes no task."
    )
    assert found.fix == (
        "Create a new `client` for each test in a `@pytest_asyncio.fixture` that also closes"
        " it (`async with … : yield …`). Or run all tests that use it on one loop: `pytestmark"
        ' = pytest.mark.asyncio(loop_scope="module")`.'
    )


def test_a_test_that_pytest_asyncio_does_not_run_is_not_told_its_marks() -> None:
    [found] = detect(replace(USED, test=replace(TEST, loop_scope=None)))
    assert "pytest" not in found.fix


def test_a_loop_that_runs_again_is_named_itself() -> None:
    home = replace(HOME, kind="asyncio.unix_events._UnixSelectorEventLoop", made_at=LINE)
    subject = Subject(name="loop", type="asyncio.unix_events._UnixSelectorEventLoop")
    kept = replace(CLIENT, subject=subject, loop=home, kept_at=None, made_at=None)
    [found] = detect(replace(USED, used_on=None, bound=(kept,)))
    assert found.what == "The loop `loop` is closed and is used again."
    assert (found.where, found.made_on, found.used_on) == (LINE, None, None)


def test_a_loop_of_the_objects_own_is_not_to_be_closed_under_it() -> None:
    own = replace(CLIENT, own_loop=True, closed_at=Place("shop/sdk.py", 14, "ping"))
    [found] = detect(replace(USED, used_on=None, bound=(own,)))
    assert found.where == own.closed_at
    assert found.what == (
        "`client` works on loop 1 (function loop of test_one), which shop/sdk.py:14 closed,"
        " and is used again."
    )
    assert found.fix == (
        "Close `client` after its last use, in the code that creates it, not at"
        " shop/sdk.py:14. Or create a new `Valkey` for each use that closes it."
    )


def test_who_closed_an_objects_own_loop_is_left_out_where_nobody_saw() -> None:
    [found] = detect(replace(USED, used_on=None, bound=(replace(CLIENT, own_loop=True),)))
    assert (found.where, "not at" in found.fix) == (LINE, False)
    assert found.what.endswith("which is closed, and is used again.")


def test_two_loops_that_meet_first_are_left_to_lc102() -> None:
    assert not list(detect(replace(USED, errors=(FOREIGN, CLOSED))))
    assert not list(detect(replace(USED, errors=(FOREIGN,))))


def test_a_database_pool_is_left_to_lc604() -> None:
    assert not list(detect(replace(USED, bound=(replace(CLIENT, pool=True),))))


def test_an_object_of_an_open_loop_is_left_alone() -> None:
    bound = replace(CLIENT, loop=replace(HOME, state="open"))
    assert not list(detect(replace(USED, bound=(bound,))))


def test_the_same_words_from_the_users_own_code_are_left_alone() -> None:
    users = replace(CLOSED, owner="user")
    for own in (replace(users, module="shop.orders"), replace(users, function="sell")):
        assert not list(detect(replace(USED, errors=(own,))))


def test_a_library_may_hide_the_loops_words_behind_its_own() -> None:
    own = replace(CLOSED, type="shop.ConnectionLost", message="gone", module="shop.wire")
    [found] = detect(replace(USED, errors=(own,)))
    assert (found.certainty, found.where) == ("likely", CLIENT.kept_at)
    assert not list(detect(replace(USED, errors=(own,), used_on=None)))


def test_words_without_a_closed_loop_are_not_enough() -> None:
    assert not list(detect(replace(USED, bound=())))
