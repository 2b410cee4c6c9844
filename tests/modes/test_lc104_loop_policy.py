"""LC104: it names what a loop refused for its kind, and the policy that was set in vain."""

from dataclasses import replace

import pytest

from loopcheck.modes.loops.lc104_loop_policy import detect
from loopcheck.records import Evidence, Place, Refusal, TestRecord

CALL = Place("feed.py", 9, "watch")
LATE = Place("conftest.py", 12, "policy")
TEST = TestRecord(nodeid="t.py::test_watch", name="test_watch", phase="call", loop_scope="function")
PROACTOR = Refusal(
    what="method",
    name="add_reader",
    call="loop.add_reader",
    called_at=CALL,
    kind="asyncio.windows_events.ProactorEventLoop",
    factories=True,
)
SEEN = Evidence(test=TEST, refusal=PROACTOR)
FACTORY = "`def pytest_asyncio_loop_factories(config, item): return "


def seen(**fields: object) -> Evidence:
    return replace(SEEN, refusal=replace(PROACTOR, **fields))  # type: ignore[arg-type]


def test_what_the_loop_does_not_have_is_named_at_its_call() -> None:
    [found] = detect(SEEN)
    assert (found.certainty, found.where) == ("certain", CALL)
    assert found.subject is not None
    assert found.subject.name == "loop.add_reader"
    assert found.what == (
        "`loop.add_reader` needs `add_reader`, which a `ProactorEventLoop` does not have."
    )
    assert found.why == (
        "Only selector loops have readers and writers; the default on Windows is a proactor."
    )
    assert found.fix == (
        f"Choose the loop of the tests in conftest.py: {FACTORY}"
        '{"own": asyncio.SelectorEventLoop}`.'
    )


def test_a_policy_that_comes_too_late_is_the_line_to_change() -> None:
    [found] = detect(seen(late=LATE, late_in="the fixture `policy`"))
    assert (found.where, found.made_at, found.used_at) == (LATE, LATE, CALL)
    assert found.subject is not None
    assert found.subject.name == "asyncio.set_event_loop_policy"
    assert found.what.endswith(", and the policy that the fixture `policy` sets has no effect.")
    assert found.why.startswith("A loop's kind is fixed when it is created.")


def test_where_another_plugin_makes_the_loop_a_policy_is_not_blamed() -> None:
    other = replace(seen(late=LATE, late_in="the test"), test=replace(TEST, loop_scope=None))
    [found] = detect(other)
    assert found.where == CALL


@pytest.mark.parametrize(
    ("fields", "what", "fix"),
    [
        (
            {"name": "subprocess_exec", "call": "asyncio.create_subprocess_exec"},
            "`asyncio.create_subprocess_exec` needs `subprocess_exec`, which a"
            " `ProactorEventLoop` does not have.",
            f"Choose the loop of the tests in conftest.py: {FACTORY}"
            '{"own": asyncio.ProactorEventLoop}`. That is for Windows; on other systems '
            "use `asyncio.SelectorEventLoop`.",
        ),
        (
            {"name": "add_signal_handler", "call": "loop.add_signal_handler"},
            "`loop.add_signal_handler` needs `add_signal_handler`, which a `ProactorEventLoop`"
            " does not have.",
            "On Windows use `signal.signal(…)`; let its handler call `loop.call_soon_threadsafe`.",
        ),
        (
            {"what": "no such policy", "name": "WindowsSelectorEventLoopPolicy"},
            "asyncio has `WindowsSelectorEventLoopPolicy` only on Windows.",
            'Set it only under `if sys.platform == "win32":`. No other system needs it.',
        ),
        (
            {"what": "watcher", "call": "asyncio.create_subprocess_exec"},
            "`asyncio.create_subprocess_exec` can't watch its child process because the child"
            " watcher has no running loop.",
            "Don't set a child watcher: the default one works with every loop and thread.",
        ),
        (
            {
                "what": "no watcher",
                "call": "asyncio.create_subprocess_exec",
                "kind": "policies.PollPolicy",
            },
            "`asyncio.create_subprocess_exec` needs the policy's child watcher, and"
            " `PollPolicy` has none.",
            "Derive `PollPolicy` from `asyncio.DefaultEventLoopPolicy`, which has one.",
        ),
        (
            {"what": "deprecated", "call": "asyncio.set_event_loop_policy"},
            "`asyncio.set_event_loop_policy` is deprecated, and this run turns warnings into"
            " errors.",
            f'Choose the loop of the tests in conftest.py: {FACTORY}{{"own": …}}`.',
        ),
        (
            {"factories": False},
            "`loop.add_reader` needs `add_reader`, which a `ProactorEventLoop` does not have.",
            "Set the policy at the top of conftest.py, so that tests run on"
            " `asyncio.SelectorEventLoop`.",
        ),
    ],
)
def test_each_refusal_has_its_words(fields: dict[str, object], what: str, fix: str) -> None:
    [found] = detect(seen(**fields))
    assert (found.what, found.fix) == (what, fix)


def test_a_policy_without_effect_is_likely_where_an_assertion_shows_it() -> None:
    idle = seen(what="no effect", late=LATE, late_in="the test")
    [found] = detect(idle)
    assert (found.certainty, found.where) == ("likely", LATE)
    assert found.what == (
        "The policy that the test sets has no effect, so the loop is of another kind."
    )
    assert not list(detect(replace(idle, test=replace(TEST, loop_scope=None))))


def test_a_failure_without_a_refusal_is_left_alone() -> None:
    assert not list(detect(replace(SEEN, refusal=None)))


def test_a_factory_that_is_there_is_not_told_to_be_written() -> None:
    hook, kind = Place("conftest.py", 18, "hook"), Place("conftest.py", 5, "Counting")
    asked = {"name": "subprocess_exec", "kind": "conftest.Counting", "factory_at": hook}
    [found] = detect(seen(**asked, class_at=kind))
    assert (found.where, found.used_at) == (kind, CALL)
    assert "derive `Counting` from `asyncio.SelectorEventLoop`" in found.fix
    [found] = detect(seen(**asked))
    assert found.where == hook
    assert found.fix.startswith("At conftest.py:18, return `asyncio.SelectorEventLoop`")
    [found] = detect(seen(factory_at=hook))
    assert (found.where, found.made_at) == (hook, None)
    assert found.fix == "Let the factory at conftest.py:18 return `asyncio.SelectorEventLoop`."
