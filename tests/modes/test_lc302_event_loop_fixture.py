"""LC302: it names who asks for `event_loop` and who redefines it in vain, and nobody else."""

from dataclasses import replace
from typing import Literal

import pytest

from loopcheck.modes.diagnose import diagnose
from loopcheck.modes.fixtures.lc302_event_loop_fixture import detect
from loopcheck.records import (
    BoundRecord,
    CutOff,
    ErrorRecord,
    Evidence,
    FixtureRecord,
    HangRecord,
    Holder,
    ItemRecord,
    LookupRecord,
    LoopRecord,
    LoopWish,
    OwnMark,
    Place,
    Premature,
    Refusal,
    SessionRecord,
    Subject,
    TestRecord,
    WaitRecord,
)

ASKER = Place("tests/conftest.py", 9, "store")
LOOKUP = LookupRecord(name="event_loop", asked_by="store", asked_at=ASKER, by_fixture=True)
SESSION = SessionRecord(asyncio="1.5.0", mode="strict", removed=("event_loop",))
ASKED = Evidence(
    test=TestRecord(nodeid="t.py::two", name="two", phase="setup"), lookup=LOOKUP, session=SESSION
)

LINE = Place("conftest.py", 5, "event_loop")
OVERRIDE = FixtureRecord(name="event_loop", scope="session", asynchronous=False, place=LINE)
HOME = LoopRecord(label="loop 1", role="function loop of one", state="closed")
HERE = LoopRecord(label="loop 2", role="function loop of two")
STORE = BoundRecord(
    subject=Subject(name="store", type="valkey.asyncio.client.Valkey"),
    loop=HOME,
    witness="asyncio.streams.StreamReader",
)
REFUSED = ErrorRecord(
    type="RuntimeError",
    message="got Future attached to a different loop",
    module="asyncio.streams",
    function="_wait_for_data",
    raised="other",
    owner="library",
)
ITEM = ItemRecord(name="two", place=None, runner="pytest-asyncio", form="coroutine")
IN_VAIN = Evidence(
    test=TestRecord(nodeid="t.py::two", name="two", phase="call", loop_scope="function"),
    errors=(REFUSED,),
    used_on=HERE,
    bound=(STORE,),
    item=ITEM,
    session=replace(SESSION, overrides=(OVERRIDE,)),
)


def test_the_fixture_that_asks_is_named() -> None:
    [found] = detect(ASKED)
    assert (found.code, found.certainty, found.where) == ("LC302", "certain", ASKER)
    assert found.what == "The fixture `store` requests `event_loop`, which no longer exists."
    assert "asyncio.get_running_loop()" in found.fix


def test_a_synchronous_test_is_told_to_become_async() -> None:
    [found] = detect(replace(ASKED, lookup=replace(LOOKUP, asked_by="test_it", by_fixture=False)))
    assert found.what.startswith("`test_it` requests")
    assert "`async def`" in found.fix


@pytest.mark.parametrize(
    ("form", "synchronous", "fix"),
    [
        ("plain", True, "or with `asyncio.run(…)`"),
        ("plain", False, "call `asyncio.get_running_loop()`"),
        ("coroutine", True, "call `asyncio.get_running_loop()`"),
    ],
)
def test_a_synchronous_bridge_is_not_sent_to_a_running_loop(
    form: Literal["plain", "coroutine"], synchronous: bool, fix: str
) -> None:
    lookup, item = replace(LOOKUP, synchronous=synchronous), replace(ITEM, form=form)
    [found] = detect(replace(ASKED, lookup=lookup, item=item))
    assert fix in found.fix


def test_an_async_test_is_not_told_to_become_async() -> None:
    lookup = replace(LOOKUP, asked_by="two", by_fixture=False)
    [found] = detect(replace(ASKED, lookup=lookup, item=replace(ITEM, parameters=("event_loop",))))
    assert found.fix.startswith(
        "Remove `event_loop` from the arguments of `two`, and call `asyncio.get"
    )


def test_a_name_that_no_argument_says_is_looked_for_in_usefixtures() -> None:
    lookup = replace(LOOKUP, asked_by="two", by_fixture=False, marked=True)
    [found] = detect(replace(ASKED, lookup=lookup, item=ITEM))
    assert "`usefixtures`" in found.fix


def test_without_pytest_asyncio_it_is_likely_only() -> None:
    [found] = detect(replace(ASKED, session=SessionRecord()))
    assert found.certainty == "likely"


def test_an_override_that_joins_nothing_any_more_is_named_before_its_symptom() -> None:
    [found] = diagnose(IN_VAIN)
    assert (found.code, found.certainty, found.where) == ("LC302", "certain", LINE)
    assert found.what == (
        "No test runs on the loop of this `event_loop` override (session scope), so `store` is"
        " used on two loops."
    )
    assert "asyncio_default_test_loop_scope = session" in found.fix


def test_what_is_bound_to_the_loop_of_the_override_is_named_whatever_its_scope() -> None:
    own = replace(OVERRIDE, scope="function", loop=LoopRecord(label="loop 3"))
    thing = replace(STORE, loop=LoopRecord(label="loop 3"))
    evidence = replace(IN_VAIN, bound=(thing,), session=replace(SESSION, overrides=(own,)))
    assert [found.code for found in diagnose(evidence)] == ["LC302"]


def test_a_fixture_of_another_name_is_left_to_lc305() -> None:
    assert not list(detect(replace(ASKED, lookup=replace(LOOKUP, name="loop"))))


@pytest.mark.parametrize(
    "evidence",
    [
        replace(
            IN_VAIN, session=replace(SESSION, overrides=(replace(OVERRIDE, scope="function"),))
        ),
        replace(IN_VAIN, bound=(replace(STORE, loop=LoopRecord(label="loop 1")),)),  # of a thread
        replace(IN_VAIN, session=SESSION),
    ],
)
def test_a_mismatch_that_no_override_was_to_mend_is_left_to_lc102(evidence: Evidence) -> None:
    assert [found.code for found in diagnose(evidence)] == ["LC102"]


@pytest.mark.parametrize(
    "evidence",
    [
        replace(IN_VAIN, errors=(replace(REFUSED, type="AssertionError", message="assert 1"),)),
        replace(IN_VAIN, errors=(replace(REFUSED, owner="user", raised="raise"),)),
    ],
)
def test_a_failure_of_its_own_beside_an_override_is_left_alone(evidence: Evidence) -> None:
    assert not list(detect(evidence))


def test_a_test_of_another_runner_is_left_alone() -> None:
    for item in (None, replace(ITEM, runner="other")):
        assert not list(detect(replace(IN_VAIN, item=item)))


WISH = LoopWish(
    what="the debug mode",
    setter="loop.set_debug",
    given_at=Place("conftest.py", 7, "event_loop"),
    asked_at=Place("tests/test_care.py", 4, "two"),
)
WISHED = replace(IN_VAIN, errors=(), used_on=None, bound=(), loop_wish=WISH)
KIND = replace(WISH, what="the kind of loop", setter="uvloop.new_event_loop", kind="uvloop.Loop")


def test_what_an_override_alone_would_give_is_named_with_the_line_that_asks() -> None:
    [found] = detect(WISHED)
    assert (found.certainty, found.where, found.used_at) == ("likely", LINE, WISH.asked_at)
    assert found.what == (
        "No test runs on the loop of this `event_loop` override (session scope), so"
        " `loop.set_debug` at conftest.py:7 can't provide the debug mode that"
        " tests/test_care.py:4 needs."
    )


@pytest.mark.parametrize(
    ("wish", "fix"),
    [
        (WISH, "`asyncio.get_running_loop().set_debug(…)` in an async fixture"),
        (replace(WISH, debug=True), "`asyncio_debug = true`"),
        (replace(WISH, setter="loop.set_task_factory", debug=True), "set_task_factory(…)"),
        (KIND, "`event_loop_policy`"),
        (replace(KIND, factories=True), 'return {"own": uvloop.Loop}'),
        (replace(KIND, factories=True, factory_at=LINE), "Let the factory at conftest.py:5 return"),
    ],
)
def test_each_wish_is_granted_by_what_this_pytest_asyncio_has(wish: LoopWish, fix: str) -> None:
    [found] = detect(replace(WISHED, loop_wish=wish))
    assert fix in found.fix


def test_a_wish_without_an_override_and_one_of_lc104_are_left_alone() -> None:
    refusal = Refusal(what="no effect", name="asyncio.set_event_loop_policy")
    assert not list(detect(replace(WISHED, session=SESSION)))
    assert not list(detect(replace(WISHED, refusal=refusal)))


BUS = FixtureRecord(name="bus", scope="session", asynchronous=True, loop_scope="session")
PUMP = Holder(
    coroutine="pump",
    loop=LoopRecord(label="loop 1", role="session loop"),
    woken=True,
    fixture="bus",
)
WAIT = WaitRecord(coroutine="two", task="two", holders=(PUMP,), stack=(Place("t.py", 6, "two"),))
HANG = HangRecord(proved=True, limited=True, loop=HERE, waits=(WAIT,))
UNRUN = replace(WISHED, loop_wish=None, fixtures=(BUS,), hang=HANG)


def test_a_task_that_the_overrides_loop_was_to_run_is_named_before_lc106() -> None:
    [found] = [one for one in diagnose(UNRUN) if one.code in ("LC302", "LC106")]
    assert (found.code, found.certainty, found.where) == ("LC302", "certain", LINE)
    assert (found.made_on, found.used_on) == ("loop 1 (session loop)", str(HERE))
    assert found.what == (
        "No test runs on the loop of this `event_loop` override (session scope), so `pump` of"
        " fixture `bus` on loop 1 (session loop) does not run while t.py:6 needs it."
    )


def test_what_an_assertion_counts_on_is_named_too() -> None:
    early = Premature(
        asked="bus.seen",
        place=Place("t.py", 9, "two"),
        coroutine="pump",
        loop=PUMP.loop,
        fixture="bus",
    )
    [found] = diagnose(replace(UNRUN, hang=None, premature=(early,)))
    assert (found.code, found.used_at) == ("LC302", early.place)


def test_a_task_that_no_loop_of_the_override_would_run_is_left_to_lc106() -> None:
    narrow = replace(SESSION, overrides=(replace(OVERRIDE, scope="module"),))
    mark = OwnMark(place=Place("t.py", 4, "two"), scope="function", instead="session")
    test = TestRecord(
        nodeid="t.py::two", name="two", phase="call", loop_scope="function", own_mark=mark
    )
    for evidence in (replace(UNRUN, session=narrow), replace(UNRUN, test=test)):
        assert [found.code for found in diagnose(evidence)] == ["LC106"]


CUT_OFF = CutOff(
    asked="service.running",
    place=Place("tests/test_b.py", 32, "two"),
    coroutine="serve",
    loop=HOME,
    same_file=False,
)


def test_a_task_that_was_to_live_on_the_overrides_loop_is_named() -> None:
    evidence = replace(WISHED, loop_wish=None, cut_off=CUT_OFF)
    [found] = detect(evidence)
    assert (found.certainty, found.where, found.used_at) == ("likely", LINE, CUT_OFF.place)
    assert found.what.endswith(
        ", so the task `serve` ended when loop 1 (function loop of one) closed, and"
        " tests/test_b.py:32 checks `service.running`."
    )


@pytest.mark.parametrize(
    ("scope", "same_file", "named"),
    [("module", True, True), ("module", False, False), ("function", True, False)],
)
def test_an_override_names_what_it_would_have_joined_alone(
    scope: str, same_file: bool, named: bool
) -> None:
    session = replace(SESSION, overrides=(replace(OVERRIDE, scope=scope),))
    seen = replace(CUT_OFF, same_file=same_file)
    found = list(detect(replace(WISHED, loop_wish=None, cut_off=seen, session=session)))
    assert bool(found) is named
