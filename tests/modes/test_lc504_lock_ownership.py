"""LC504: it names who took the lock, who released it, and what became of it between."""

from collections.abc import Iterator
from dataclasses import replace
from typing import get_args

import pytest
import valkey
import valkey.lock

import loopcheck.servers
from loopcheck.modes.stores.lc504_lock_ownership import detect
from loopcheck.modes.stores.lc504_lock_ownership.evidence import find_lost_lock
from loopcheck.records import ErrorRecord, Evidence, LockRecord, LostLock, Place
from loopcheck.watch.stores import locks

pytest_plugins = ["pytester"]

MADE, TAKEN = Place("jobs.py", 3), Place("jobs.py", 4)
ENDED, FLUSH = Place("jobs.py", 9), Place("jobs.py", 7)
LOCK = LockRecord(
    name="lock",
    type="valkey.lock.Lock",
    how="expired",
    made_at=MADE,
    taken_at=TAKEN,
    taken_by="the task `nightly`",
    released_at=ENDED,
    timeout=0.5,
)
PLUGIN = ("-p", "pytest_asyncio.plugin", "-p", "loopcheck.plugin", "--loopcheck")

ERROR = ErrorRecord(
    type="LockNotOwnedError",
    message="",
    module="valkey.lock",
    function="do_release",
    raised="other",
    owner="library",
)


def case(seen: LockRecord) -> Evidence:
    return Evidence.knowing({find_lost_lock: seen}, errors=(ERROR,))


def test_a_lock_that_ran_out_is_named_at_its_timeout() -> None:
    [found] = detect(case(LOCK))
    assert found.what == (
        "`lock`, taken by the task `nightly` at jobs.py:4 for 0.5 s, expired before it was"
        " released at jobs.py:9."
    )
    assert (found.where, found.certainty) == (MADE, "certain")


def test_another_thread_is_named_by_both_names() -> None:
    one = replace(LOCK, how="thread", taken_by="the thread `w`", released_by="the main thread")
    [found] = detect(case(one))
    assert found.what.startswith("`lock` was taken by the thread `w` at jobs.py:4, but released by")
    assert "the main thread" in found.what
    assert found.where == ENDED


def test_what_emptied_the_store_is_only_likely() -> None:
    gone = replace(LOCK, how="gone", before_at=FLUSH, before="flushdb")
    [found] = detect(case(gone))
    assert (found.where, found.certainty) == (FLUSH, "likely")
    assert "`flushdb` at jobs.py:7" in found.why


def test_an_error_that_is_hidden_is_said() -> None:
    [found] = detect(case(replace(LOCK, hides="LookupError")))
    assert found.why.endswith("The failed release hides the block's own LookupError.")


def test_every_way_has_words() -> None:
    for how in get_args(LostLock):
        [found] = detect(case(replace(LOCK, how=how)))
        assert all((found.what, found.why, found.fix, found.where))
        assert "None" not in found.what + found.why + found.fix


def test_nothing_is_said_without_a_lock() -> None:
    assert not list(detect(Evidence()))


@pytest.fixture(scope="module")
def store() -> Iterator[valkey.Valkey]:
    with (
        loopcheck.servers.valkey(quiet=True) as server,
        valkey.Valkey.from_url(server.url) as client,
    ):
        yield client


@pytest.fixture
def watched() -> Iterator[None]:
    undo = locks.install()
    yield
    undo()


@pytest.mark.usefixtures("watched")
def test_the_watch_knows_who_took_a_lock_and_where(store: valkey.Valkey) -> None:
    lock = store.lock("job", timeout=5)
    with lock:
        [taken] = locks.events()
    assert (taken.action, taken.name, taken.thread) == ("take", "job", "MainThread")
    assert taken.line is not None
    assert taken.line[0] == __file__
    assert [event.action for event in locks.events()] == ["take", "release"]


@pytest.mark.usefixtures("watched")
def test_a_lock_that_was_not_had_is_not_noted(store: valkey.Valkey) -> None:
    store.set("taken", "by somebody")
    assert not store.lock("taken", timeout=5, blocking=False).acquire()
    assert not locks.events()


def test_the_watch_leaves_the_class_as_it_was() -> None:
    theirs = valkey.lock.Lock.do_acquire
    undo = locks.install()
    assert valkey.lock.Lock.do_acquire is not theirs
    undo()
    assert valkey.lock.Lock.do_acquire is theirs
    assert not locks.events()


def test_without_a_store_nothing_is_watched(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    pytester.makepyfile(
        "import sys\ndef test_it():\n    assert 'loopcheck.watch.stores.locks' not in sys.modules"
    )
    pytester.runpytest_subprocess(*PLUGIN).assert_outcomes(passed=1)
