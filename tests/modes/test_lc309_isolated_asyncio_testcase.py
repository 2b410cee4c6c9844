"""LC309: it names where unittest's world and pytest's meet, and leaves each of them alone."""

from dataclasses import replace

import pytest

from loopcheck.modes.diagnose import diagnose
from loopcheck.modes.fixtures.lc309_isolated_asyncio_testcase import detect
from loopcheck.records import (
    BoundRecord,
    ErrorRecord,
    Evidence,
    ItemRecord,
    LoopRecord,
    Place,
    Subject,
    TestRecord,
)

LINE = Place("tests/test_shop.py", 18, "test_ping")
ITEM = ItemRecord(
    name="test_ping",
    place=LINE,
    runner="unittest",
    form="coroutine",
    parameters=("store",),
    isolated=True,
    owner_class=Place("tests/test_shop.py", 17, "TestStore"),
)
REFUSED = ErrorRecord(
    type="TypeError",
    message="TestStore.test_ping() missing 1 required positional argument: 'store'",
    module="unittest.async_case",
    function="_callMaybeAsync",
    raised="other",
    owner="machinery",
)
TEST = TestRecord(nodeid="t.py::test_ping", name="test_ping", phase="call")
ASKED = Evidence(test=TEST, errors=(REFUSED,), item=ITEM)

STORE = BoundRecord(
    subject=Subject(name="self.store", type="valkey.asyncio.client.Valkey"),
    loop=LoopRecord(label="loop 1", role="function loop of test_ping"),
    witness="asyncio.streams.StreamReader",
    kept_at=Place("tests/test_shop.py", 12, "store"),
)
CROSSED = Evidence(
    test=TEST,
    errors=(
        replace(
            REFUSED,
            type="RuntimeError",
            message="got Future attached to a different loop",
            module="asyncio.streams",
            owner="library",
        ),
    ),
    used_on=LoopRecord(label="loop 2", role="loop of IsolatedAsyncioTestCase"),
    bound=(STORE,),
    item=replace(ITEM, parameters=()),
)
METHOD = Place("tests/test_shop.py", 9, "asyncSetUp")
LACKS = replace(ITEM, parameters=(), isolated=False, unrun_set_up=METHOD, lacks="user")


def test_an_argument_that_unittest_does_not_pass_is_named() -> None:
    [found] = detect(ASKED)
    assert (found.code, found.certainty, found.where) == ("LC309", "certain", LINE)
    assert found.what == (
        "`test_ping` requests the fixture `store`, but unittest passes no arguments."
    )
    assert "`asyncSetUp`" in found.fix


def test_a_parameter_is_called_one() -> None:
    [found] = detect(replace(ASKED, item=replace(ITEM, marks=("parametrize",))))
    assert "the parameter `store`" in found.what
    assert "self.subTest" in found.fix


def test_what_an_async_fixture_made_is_named_before_its_mismatch() -> None:
    [found] = diagnose(CROSSED)
    assert (found.code, found.where) == ("LC309", STORE.kept_at)
    assert found.made_on == "loop 1 (function loop of test_ping)"
    assert found.used_on == "loop 2 (loop of IsolatedAsyncioTestCase)"
    assert "enterAsyncContext" in found.fix


@pytest.mark.parametrize(
    ("isolated", "method", "fix"),
    [
        (False, "asyncSetUp", "Derive `TestStore` from `unittest.IsolatedAsyncioTestCase`."),
        (None, "asyncSetUp", "Turn `asyncSetUp` into a fixture"),
        (True, "setUp", "Rename it to `asyncSetUp`."),
    ],
)
def test_a_set_up_that_nobody_runs_is_named(isolated: bool | None, method: str, fix: str) -> None:
    place = replace(METHOD, name=method)
    item = replace(LACKS, isolated=isolated, unrun_set_up=place)
    [found] = detect(replace(ASKED, errors=(), item=item))
    assert found.where == place
    assert found.what.startswith(f"`{method}` of `TestStore` never ran, so")
    assert found.fix.startswith(fix)


def test_two_loops_of_unittests_own_are_left_to_lc102() -> None:
    own = replace(STORE, loop=LoopRecord(label="loop 1", role="loop of IsolatedAsyncioTestCase"))
    assert [found.code for found in diagnose(replace(CROSSED, bound=(own,)))] == ["LC102"]


def test_a_wrong_call_in_the_tests_own_lines_is_left_alone() -> None:
    own = replace(REFUSED, module="test_shop", owner="user")
    assert not list(detect(replace(ASKED, errors=(own,))))


def test_a_test_of_pytests_is_left_alone() -> None:
    item = replace(ITEM, runner="pytest-asyncio", isolated=None)
    assert not list(detect(replace(ASKED, item=item)))
    assert not list(detect(replace(CROSSED, item=item)))
