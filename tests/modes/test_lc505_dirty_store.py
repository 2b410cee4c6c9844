"""LC505: it names what a test met of another's, and only where its failure counts on nothing."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
import valkey

import loopcheck.servers
from loopcheck.modes.stores.lc505_dirty_store import detect
from loopcheck.records import DirtRecord, Evidence, MissedPatch, Place, TestRecord
from loopcheck.watch.loops import LEDGER
from loopcheck.watch.stores import leftovers, stores

LEFT, FIXTURE, FAILED = Place("test_a.py", 9), Place("conftest.py", 4), Place("test_a.py", 15)
TEST = TestRecord(nodeid="test_a.py::test_limit", name="test_limit", phase="call")
DIRT = DirtRecord(
    store="Valkey",
    what=("hits:ada",),
    table=False,
    left_by="test_a.py::test_first",
    name="client",
    type="valkey.asyncio.client.Valkey",
    left_at=LEFT,
    met_at=Place("limiter.py", 7),
    said="INCR",
    kept_at=FIXTURE,
    used_at=FAILED,
)


def test_the_key_who_left_it_and_the_fixture_are_named() -> None:
    [found] = detect(Evidence(test=TEST, dirt=DIRT))
    assert found.what == (
        "test_limit found the key `hits:ada`, which `test_first` wrote at test_a.py:9."
    )
    assert (found.where, found.used_at, found.certainty) == (FIXTURE, FAILED, "likely")


def test_rows_that_are_refused_are_told_as_rows() -> None:
    rows = replace(DIRT, table=True, what=("users",), said="INSERT", refused=True)
    [found] = detect(Evidence(test=TEST, dirt=rows))
    assert "found rows of `users`" in found.what
    assert "failed because" in found.why


def test_what_an_earlier_run_left_is_said_as_such() -> None:
    [found] = detect(Evidence(test=TEST, dirt=replace(DIRT, left_by="", left_at=None)))
    assert "which an earlier run left." in found.what


def test_a_clean_store_is_no_finding() -> None:
    assert not list(detect(Evidence(test=TEST)))


@pytest.mark.parametrize(("target", "found"), [("shop.limiter.hit", 0), ("shop.mails.send", 1)])
def test_what_a_double_was_to_stand_in_for_is_the_fault_of_its_patch(
    target: str, found: int
) -> None:
    missed = MissedPatch(target=target, how="copy")
    assert len(list(detect(Evidence(test=TEST, dirt=DIRT, unmet=missed)))) == found


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with loopcheck.servers.valkey(quiet=True) as server:
        yield server.url


@pytest.fixture
def store(server: str) -> Iterator[valkey.Valkey]:
    before, undo = LEDGER.moment, stores.install()
    with valkey.Valkey.from_url(server) as client:
        client.flushdb()
        LEDGER.moment = 1
        yield client
    LEDGER.moment = before
    undo()


def test_only_what_another_test_wrote_is_met(store: valkey.Valkey) -> None:
    store.set("a", 1)
    assert store.get("a") == b"1"
    assert not leftovers.met()
    LEDGER.moment = 2
    store.incr("a")
    store.get("a")
    fresh, again = leftovers.met()
    assert (fresh.what, fresh.left.test, fresh.touch) == ("a", 1, "fresh")
    assert (again.said, again.touch) == ("GET", "again")


def test_what_was_taken_away_is_not_met(store: valkey.Valkey) -> None:
    takes_away: tuple[Callable[[], object], ...] = (
        lambda: store.delete("a"),
        lambda: store.flushdb(),
        lambda: store.expire("a", 0),
    )
    for take_away in takes_away:
        LEDGER.moment += 1
        store.set("a", 1)
        take_away()
        LEDGER.moment += 1
        store.incr("a")
        assert not leftovers.met()


def test_without_leave_nothing_is_sent(store: valkey.Valkey) -> None:
    store.set("a", 1)
    LEDGER.moment = 2
    stores.look(set_up=False)
    assert "cmdstat_scan" not in str(store.info("commandstats"))


def test_with_leave_what_was_there_is_known(store: valkey.Valkey, server: str) -> None:
    LEDGER.moment = 0  # nobody looks yet
    store.set("old", 1)
    LEDGER.moment = 1
    stores.ask()
    store.get("new")
    store.incr("old")
    [met] = leftovers.met()
    assert (met.what, met.left.test) == ("old", 0)


def test_the_clients_are_left_as_they_were() -> None:
    theirs = valkey.Valkey._send_command_parse_response
    undo = stores.install()
    assert valkey.Valkey._send_command_parse_response is not theirs
    undo()
    assert valkey.Valkey._send_command_parse_response is theirs


def test_what_is_left_in_a_container_is_told_as_entries() -> None:
    names = replace(DIRT, store="dict", what=("'ada'",), name="_names", entries=1, met_at=None)
    [found] = detect(Evidence(test=TEST, dirt=replace(names, said="`len(_names)`")))
    assert found.what == (
        "test_limit found an entry in `_names` (`'ada'`), which `test_first` left there."
    )
    assert "lives as long as its module" in found.why
    assert found.fix.startswith("Empty `_names`")


def test_a_container_with_entries_of_its_own_is_not_to_be_emptied() -> None:
    headers = replace(DIRT, store="dict", name="Api.headers", entries=1, of_its_own=True)
    [found] = detect(Evidence(test=TEST, dirt=headers))
    assert found.fix.startswith("Restore `Api.headers`")
    assert "before each test" in found.fix
