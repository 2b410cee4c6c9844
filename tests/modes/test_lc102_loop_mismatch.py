"""LC102: it names what crossed loops, and is silent about everything else."""

from dataclasses import replace

from loopcheck.modes.loops.lc102_loop_mismatch import detect
from loopcheck.records import (
    BoundRecord,
    ErrorRecord,
    Evidence,
    FixtureRecord,
    LoopRecord,
    Place,
    Subject,
    TestRecord,
)

HOME = LoopRecord(label="loop 1", role="module loop of test_jobs.py")
HERE = LoopRecord(label="loop 2", role="function loop of test_two")
LINE = Place("tests/conftest.py", 12, "jobs")
JOBS = BoundRecord(
    subject=Subject(name="jobs", type="asyncio.queues.Queue", path="jobs._loop"),
    loop=HOME,
    witness="asyncio.queues.Queue",
    keeper="global",
    kept_at=LINE,
    made_at=LINE,
    used_at=Place("tests/test_jobs.py", 30, "test_two"),
)
REFUSED = ErrorRecord(
    type="RuntimeError",
    message="<Queue> is bound to a different event loop",
    module="asyncio.mixins",
    function="_get_loop",
    raised="other",
    owner="library",
)
TEST = TestRecord(nodeid="test_jobs.py::two", name="two", phase="call", loop_scope="function")
CROSSED = Evidence(test=TEST, used_on=HERE, errors=(REFUSED,), bound=(JOBS,))
BUSY = replace(
    REFUSED,
    type="asyncpg.exceptions._base.InterfaceError",
    message="cannot perform operation: another operation is in progress",
)


def test_the_object_both_loops_and_the_line_are_named() -> None:
    [found] = detect(CROSSED)
    assert found.what == (
        "`jobs` belongs to loop 1 (module loop of test_jobs.py)"
        " and is used on loop 2 (function loop of test_two)."
    )
    assert (found.code, found.certainty, found.where) == ("LC102", "certain", LINE)
    assert (found.made_on, found.used_on) == (str(HOME), str(HERE))
    assert found.used_at == JOBS.used_at


def test_a_home_that_is_closed_by_now_is_said_to_be() -> None:
    [found] = detect(replace(CROSSED, bound=(replace(JOBS, loop=replace(HOME, state="closed")),)))
    assert "now closed" in found.what


def test_the_fix_of_a_fixture_names_the_fixture_and_its_scope() -> None:
    kept = replace(JOBS, keeper="fixture", fixture="jobs")
    wide = FixtureRecord(name="jobs", scope="session", asynchronous=False)
    [found] = detect(replace(CROSSED, bound=(kept,), fixtures=(wide,)))
    assert '@pytest_asyncio.fixture(scope="session", loop_scope="session")' in found.fix


def test_the_fix_of_a_global_gives_its_tests_the_wider_of_both_loops() -> None:
    [found] = detect(CROSSED)
    assert '`pytestmark = pytest.mark.asyncio(loop_scope="module")`' in found.fix
    session = replace(JOBS, loop=replace(HOME, role="session loop"))
    [found] = detect(replace(CROSSED, bound=(session,)))
    assert '`pytestmark = pytest.mark.asyncio(loop_scope="session")`' in found.fix


def test_loops_of_two_files_are_made_one_by_the_session_alone() -> None:
    other = replace(HERE, role="module loop of test_late.py")
    there = replace(TEST, nodeid="test_late.py::two")
    for crossed in (replace(CROSSED, used_on=other, test=there), replace(CROSSED, test=there)):
        [found] = detect(crossed)
        assert '`pytestmark = pytest.mark.asyncio(loop_scope="session")`' in found.fix


def test_no_scope_is_offered_for_a_loop_that_no_test_runs_on() -> None:
    made = Place("flags.py", 3, "<module>")
    own = LoopRecord(label="loop 1", role=f"loop made at {made}", made_at=made)
    [found] = detect(replace(CROSSED, bound=(replace(JOBS, loop=own),)))
    assert "pytestmark" not in found.fix
    assert "puts a test on loop 1." in found.fix


def test_loops_of_one_line_of_the_users_may_both_be_of_tests() -> None:
    made = Place("conftest.py", 3, "event_loop")  # effective before pytest-asyncio 1.0
    one = LoopRecord(label="loop 1", role=f"loop made at {made}", made_at=made)
    things = (replace(JOBS, loop=one),)
    [found] = detect(replace(CROSSED, bound=things, used_on=replace(one, label="loop 2")))
    assert "pytestmark" in found.fix


def test_an_unknown_second_loop_makes_it_likely_only() -> None:
    [found] = detect(replace(CROSSED, used_on=None))
    assert (found.certainty, found.used_on) == ("likely", None)
    assert "another loop" in found.what


def test_words_without_an_object_of_another_loop_are_not_enough() -> None:
    assert not list(detect(replace(CROSSED, bound=())))


def test_a_future_is_said_to_belong_where_it_was_made() -> None:
    kind = replace(JOBS.subject, type="_asyncio.Future")
    [found] = detect(replace(CROSSED, bound=(replace(JOBS, subject=kind),)))
    assert "the loop that created it" in found.why


def test_a_test_that_pytest_asyncio_does_not_run_is_not_told_its_marks() -> None:
    for test in (None, replace(TEST, loop_scope=None)):
        [found] = detect(replace(CROSSED, test=test))
        assert "pytest.mark" not in found.fix
        assert "inside the coroutine" in found.fix


def test_asyncpg_calls_a_foreign_loop_another_operation() -> None:
    [found] = detect(replace(CROSSED, errors=(BUSY,)))
    assert found.code == "LC102"


def test_a_busy_connection_at_home_is_left_alone() -> None:
    at_home = replace(JOBS, loop=HERE)
    assert not list(detect(replace(CROSSED, errors=(BUSY,), bound=(at_home,))))


def test_a_database_pool_of_a_closed_loop_is_left_to_lc604() -> None:
    pool = replace(JOBS, pool=True, loop=replace(HOME, state="closed"))
    assert not list(detect(replace(CROSSED, errors=(BUSY,), bound=(pool,))))


def test_the_error_of_a_closed_loop_is_left_to_lc101() -> None:
    closed = replace(REFUSED, message="Event loop is closed", function="_check_closed")
    assert not list(detect(replace(CROSSED, errors=(closed, REFUSED))))


def test_the_same_words_from_the_users_own_code_are_left_alone() -> None:
    own = replace(REFUSED, module="shop.orders", owner="user", raised="raise")
    assert not list(detect(replace(CROSSED, errors=(own,))))


def test_the_same_words_from_a_mock_are_left_alone() -> None:
    mocked = replace(REFUSED, module="unittest.mock", owner="machinery")
    assert not list(detect(replace(CROSSED, errors=(mocked,))))


def test_a_plain_assertion_is_left_alone() -> None:
    failed = replace(REFUSED, type="AssertionError", message="assert 1 == 2", owner="user")
    assert not list(detect(replace(CROSSED, errors=(failed,))))
