"""LC506: it names the address where nobody is, who says it, and what became of the server."""

from dataclasses import replace
from pathlib import Path

import pytest

from loopcheck.modes.stores.lc506_server_unreachable import detect
from loopcheck.records import EndpointRecord, Evidence, Place, ServerRecord

pytest_plugins = ["pytester"]

SAID, MADE, USED = Place("conftest.py", 4), Place("conftest.py", 9), Place("test_shop.py", 12)
REFUSED = EndpointRecord(
    met="refused",
    name="store",
    type="valkey.asyncio.client.Valkey",
    address="localhost:6380",
    wanted="Valkey",
    set_at=SAID,
    set_by="text",
    made_at=MADE,
    used_at=USED,
)
CLOSED = ServerRecord(name="hub", state="closed", place=Place("test_shop.py", 10))
PLUGIN = ("-p", "pytest_asyncio.plugin", "-p", "loopcheck.plugin", "--loopcheck")


def test_the_address_its_client_and_the_line_that_says_it_are_named() -> None:
    [found] = detect(Evidence(endpoint=REFUSED))
    assert found.what == "Nothing listens on localhost:6380, where `store` tried to connect."
    assert (found.where, found.made_at, found.used_at) == (SAID, MADE, USED)
    assert found.certainty == "certain"
    assert "conftest.py:4 sets the address" in found.why


def test_without_a_text_the_line_that_makes_the_client_is_named() -> None:
    bare = replace(REFUSED, set_at=None, set_by="default")
    [found] = detect(Evidence(endpoint=bare))
    assert found.where == MADE
    assert "The Valkey client at conftest.py:9 got no address" in found.why


def test_a_server_of_the_tests_own_comes_first() -> None:
    [found] = detect(Evidence(endpoint=replace(REFUSED, server=CLOSED)))
    assert found.where == CLOSED.place
    assert found.why == "`hub` listened there, and was closed at test_shop.py:10 before."


def test_a_host_and_a_socket_that_are_not_there_are_said_as_such() -> None:
    [name] = detect(Evidence(endpoint=replace(REFUSED, met="no name", address="cache:6379")))
    assert name.what.startswith("The host `cache` is unknown, ")
    [path] = detect(Evidence(endpoint=replace(REFUSED, met="no socket", address="/run/x.sock")))
    assert path.what.startswith("The socket `/run/x.sock` does not exist, ")


def test_who_came_up_late_is_said() -> None:
    [found] = detect(Evidence(endpoint=replace(REFUSED, late="valkey-server")))
    assert found.why.endswith(
        "valkey-server listens there by now, so the client connected too early."
    )


def test_nobody_who_answers_is_called_unreachable() -> None:
    assert not list(detect(Evidence(endpoint=replace(REFUSED, met="database"))))
    assert not list(detect(Evidence()))


def test_a_line_that_counts_on_an_error_is_left_alone() -> None:
    assert not list(detect(Evidence(endpoint=replace(REFUSED, expected=True))))


@pytest.mark.parametrize("sample", ["bad.py", "bad_engine.py"])
def test_a_password_never_shows(
    sample: str, pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    here = Path(__file__).parent / "lc506_server_unreachable" / sample
    pytester.makepyfile(here.read_text().replace("s3cret", "hunter2").replace(":pw@", ":hunter2@"))
    ran = pytester.runpytest_subprocess(*PLUGIN, "--tb=line")
    ran.stdout.fnmatch_lines(["LC506 server-unreachable (certain)"])
    ran.stdout.no_fnmatch_line("*hunter2*")
