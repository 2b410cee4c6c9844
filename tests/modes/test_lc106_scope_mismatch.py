"""LC106: it names the fixture whose loop is not its test's, and no fixture that is at home."""

from dataclasses import replace

import pytest

from loopcheck.modes import diagnose
from loopcheck.modes.loops.lc106_scope_mismatch import detect
from loopcheck.records import (
    BoundRecord,
    ErrorRecord,
    Evidence,
    FixtureRecord,
    FrameRecord,
    HangRecord,
    Holder,
    LookupRecord,
    LoopRecord,
    Place,
    Premature,
    SetUpRecord,
    SourceRecord,
    Subject,
    TestRecord,
    WaitRecord,
)

HOME = LoopRecord(label="loop 1", role="module loop of test_shop.py", born=1)
HERE = LoopRecord(label="loop 2", role="function loop of test_two", born=2)
LINE = Place("conftest.py", 12, "client")
FIXTURE = FixtureRecord(
    name="client", scope="module", asynchronous=True, loop_scope="module", place=LINE
)
CLIENT = BoundRecord(
    subject=Subject(name="client", type="valkey.asyncio.client.Valkey"),
    loop=HOME,
    witness="asyncio.streams.StreamReader",
    keeper="fixture",
    fixture="client",
    kept_at=LINE,
    made_at=Place("conftest.py", 13, "client"),
    used_at=Place("test_shop.py", 30, "test_two"),
)
FOREIGN = ErrorRecord(
    type="RuntimeError",
    message="got Future <Future pending> attached to a different loop",
    module="asyncio.streams",
    function="_wait_for_data",
    raised="other",
    owner="library",
)
TEST = TestRecord(nodeid="t.py::two", name="two", phase="call", loop_scope="function")
MET = Evidence(test=TEST, used_on=HERE, errors=(FOREIGN,), bound=(CLIENT,), fixtures=(FIXTURE,))
NARROW = replace(FIXTURE, loop_scope="function")
ASSERTED = ErrorRecord(
    type="AssertionError",
    message="",
    module="_pytest.fixtures",
    function="execute",
    raised="other",
    owner="machinery",
)
REFUSED = Evidence(
    test=replace(TEST, phase="setup"),
    errors=(ASSERTED,),
    set_up=SetUpRecord(fixture=NARROW, form="generator"),
)


def test_the_fixture_both_loops_and_both_scopes_are_named() -> None:
    [found] = detect(MET)
    assert (found.code, found.certainty, found.where) == ("LC106", "certain", LINE)
    assert (found.made_on, found.used_on) == (str(HOME), str(HERE))
    assert found.what == (
        "`client` is used on two loops, because fixture `client` runs on the module loop and"
        " its test on the function loop."
    )
    assert found.why == (
        "`client` has loop scope module (from its decorator, its scope or"
        " `asyncio_default_fixture_loop_scope`), and the test has loop scope function (from"
        " its mark or `asyncio_default_test_loop_scope`)."
    )
    assert found.fix == (
        "Run the tests that use `client` on its loop: set"
        ' `pytestmark = pytest.mark.asyncio(loop_scope="module")`. For all tests, set'
        " `asyncio_default_test_loop_scope = module`. Or create a new one for each test, on the"
        ' test\'s own loop: `@pytest_asyncio.fixture(loop_scope="function")`.'
    )


def test_a_fixture_that_is_narrower_than_its_test_is_to_follow_the_test() -> None:
    fixture = replace(FIXTURE, scope="function", loop_scope="function")
    home = replace(HERE, label="loop 2")
    session = LoopRecord(label="loop 1", role="session loop", born=1)
    test = replace(TEST, loop_scope="session")
    bound = replace(CLIENT, loop=home)
    [found] = detect(replace(MET, test=test, used_on=session, bound=(bound,), fixtures=(fixture,)))
    assert '`@pytest_asyncio.fixture(loop_scope="session")`' in found.fix


def test_a_fixture_between_test_and_client_is_the_one_to_change() -> None:
    clean = FixtureRecord(
        name="clean",
        scope="function",
        asynchronous=True,
        loop_scope="function",
        place=Place("conftest.py", 20, "clean"),
    )
    frame = FrameRecord(place=Place("conftest.py", 21, "clean"), module="conftest", owner="user")
    [found] = detect(
        replace(
            MET,
            test=replace(TEST, phase="setup", loop_scope="module"),
            errors=(replace(FOREIGN, frames=(frame,)),),
            fixtures=(clean, FIXTURE),
        )
    )
    assert found.where == clean.place


def test_the_closed_loop_of_a_test_at_the_fixtures_end_is_the_same_fault() -> None:
    closed = replace(FOREIGN, module="asyncio.base_events", function="_check_closed")
    bound = replace(CLIENT, loop=replace(HERE, state="closed"), keeper="local")
    test = replace(TEST, phase="teardown")
    ended = replace(MET, test=test, used_on=HOME, errors=(closed,), bound=(bound,))
    [found] = detect(ended)
    assert (found.code, found.where) == ("LC106", LINE)
    assert [found.code for found in diagnose.diagnose(ended)] == ["LC106"]


def test_it_beats_the_two_loops_that_meet() -> None:
    assert [found.code for found in diagnose.diagnose(MET)] == ["LC106"]


def test_a_global_that_one_fixture_works_with_is_likely_only() -> None:
    bound = replace(CLIENT, keeper="global", fixture=None)
    text = "\n" * 11 + "async def client():\n    await client.ping()\n"
    told = SourceRecord(file="/shop/conftest.py", text=text)
    [found] = detect(replace(MET, bound=(bound,), sources=(told,)))
    assert (found.certainty, found.where) == ("likely", LINE)
    other = replace(told, text=text.replace("client.ping", "store.ping"))
    assert not list(detect(replace(MET, bound=(bound,), sources=(other,))))


@pytest.mark.parametrize("again", [False, True])
def test_a_fixture_wider_than_its_loop_is_named_each_time(again: bool) -> None:
    set_up = SetUpRecord(fixture=NARROW, form="generator", again=again)
    [found] = detect(replace(REFUSED, set_up=set_up))
    assert (found.certainty, found.where) == ("certain", LINE)
    assert found.what == (
        "Fixture `client` has scope module, but its loop only has scope function and would"
        " close while the fixture is still in use."
    )
    assert '`@pytest_asyncio.fixture(scope="module", loop_scope="module")`' in found.fix


def test_a_fixture_that_pytest_refuses_for_another_reason_is_left_alone() -> None:
    wide = SetUpRecord(fixture=FIXTURE, form="generator")
    plain = SetUpRecord(fixture=replace(FIXTURE, loop_scope=None), form="plain")
    for set_up in (None, wide, plain):
        assert not list(detect(replace(REFUSED, set_up=set_up)))
    missing = LookupRecord(name="url", asked_by="client")
    assert not list(detect(replace(REFUSED, lookup=missing)))


def test_a_synchronous_fixture_is_left_to_lc102() -> None:
    fixture = replace(FIXTURE, asynchronous=False, loop_scope=None)
    assert not list(detect(replace(MET, fixtures=(fixture,))))


def test_a_loop_of_the_users_own_is_left_to_lc102() -> None:
    own = replace(HERE, role="loop made at test_shop.py:30")
    assert not list(detect(replace(MET, used_on=own)))
    assert not list(detect(replace(MET, bound=(replace(CLIENT, loop=own),), used_on=HOME)))


def test_a_fixture_on_the_loop_of_its_tests_is_left_alone() -> None:
    loops = (replace(HERE, label="loop 1"), HERE)
    fixture = replace(FIXTURE, scope="function", loop_scope="function")
    bound = replace(CLIENT, loop=loops[0])
    assert not list(detect(replace(MET, bound=(bound,), fixtures=(fixture,))))


def test_a_plain_failure_of_such_a_test_is_left_alone() -> None:
    failed = replace(ASSERTED, message="assert 1 == 2", module="test_shop", owner="user")
    assert not list(detect(replace(MET, errors=(failed,))))


def unanswered(home: LoopRecord, *, woken: bool = True) -> Evidence:
    pump = Holder(coroutine="pump", loop=home, woken=woken, fixture="client")
    wait = WaitRecord(
        coroutine="test_two",
        task="test_two",
        stack=(Place("test_shop.py", 30, "test_two"),),
        subject=Subject(name="reply", type="asyncio.Future"),
        holders=(pump,),
    )
    hang = HangRecord(proved=True, waits=(wait,), limited=True, loop=HERE)
    return Evidence(test=TEST, fixtures=(FIXTURE,), hang=hang)


def test_whose_loop_stands_still_while_the_test_waits_is_named() -> None:
    [found] = diagnose.diagnose(unanswered(HOME))
    assert (found.code, found.certainty, found.where) == ("LC106", "certain", LINE)
    assert found.what == (
        "The test waits for `reply` from `pump` of fixture `client`, whose module loop does"
        " not run while the test runs on its function loop."
    )


def test_a_task_that_got_nothing_to_do_is_only_likely_to_be_waited_for() -> None:
    [found] = detect(unanswered(HOME, woken=False))
    assert found.certainty == "likely"


def test_a_loop_that_pytest_did_not_make_is_no_matter_of_scopes() -> None:
    own = replace(HOME, role="loop made at test_shop.py:3")
    [found] = diagnose.diagnose(unanswered(own))
    assert found.code == "LC203"


STILL = Premature(
    asked="feed.seen",
    place=Place("test_feed.py", 8, "test_one"),
    coroutine="Feed.run",
    loop=HOME,
    fixture="client",
)


def test_a_task_whose_loop_stands_still_is_told_with_its_fixture() -> None:
    asserted = Evidence(test=TEST, fixtures=(FIXTURE,), premature=(STILL,))
    [found] = detect(asserted)
    assert (found.where, found.certainty) == (LINE, "likely")
    assert "test_feed.py:8 asserts `feed.seen`, but `Feed.run` of fixture `client`" in found.what
    assert "needs the module loop, and only the test's function loop runs" in found.what


def test_a_task_on_the_loop_of_its_test_is_left_alone() -> None:
    for other in (replace(STILL, loop=None), replace(STILL, fixture=None)):
        assert not list(detect(Evidence(test=TEST, fixtures=(FIXTURE,), premature=(other,))))
    same = replace(TEST, loop_scope="module")
    assert not list(detect(Evidence(test=same, fixtures=(FIXTURE,), premature=(STILL,))))
