"""LC605: it names what was asked for, who answers, and the line that says the address."""

from dataclasses import replace
from pathlib import Path

import pytest

from loopcheck.modes.databases.lc605_wrong_endpoint import detect
from loopcheck.records import EndpointRecord, Evidence, Place

pytest_plugins = ["pytester"]

SAID, USED = Place("conftest.py", 4), Place("test_shop.py", 12)
DATABASE = EndpointRecord(
    met="database",
    name="asyncpg.connect",
    type="PostgreSQL",
    address="localhost:5432",
    wanted="PostgreSQL",
    asked="shop",
    set_at=SAID,
    set_by="part",
    used_at=USED,
)
PASSWORD = replace(DATABASE, met="password", asked="ada", name="engine")
PLUGIN = ("-p", "pytest_asyncio.plugin", "-p", "loopcheck.plugin", "--loopcheck")
SECRET = """
import os
import asyncpg
import pytest

@pytest.mark.asyncio
async def test_login():
    address = os.environ["LC605_ADDRESS"]
    await asyncpg.connect(f"postgresql://postgres:hunter2@{address}/postgres")
"""


def test_the_database_and_the_line_that_says_it_are_named() -> None:
    [found] = detect(Evidence(endpoint=DATABASE))
    assert found.what == (
        "`asyncpg.connect` reached a server at localhost:5432 that has no database `shop`."
    )
    assert (found.where, found.certainty) == (SAID, "certain")


def test_a_password_that_is_left_out_is_told_from_a_wrong_one() -> None:
    [wrong] = detect(Evidence(endpoint=PASSWORD))
    assert "refused the password for the user `ada`" in wrong.what
    [none] = detect(Evidence(endpoint=replace(PASSWORD, heard="none")))
    assert "needs a password for the user `ada`, but got none" in none.what
    [unasked] = detect(Evidence(endpoint=replace(PASSWORD, heard="unasked")))
    assert unasked.fix.startswith("Leave the password out")


def test_a_line_that_says_the_user_is_not_called_a_password() -> None:
    [found] = detect(Evidence(endpoint=replace(PASSWORD, says_user=True, set_at=SAID)))
    assert "refused the user `ada` or the password" in found.what
    assert found.why.startswith(f"{SAID} sets the user.")
    assert found.fix.startswith(f"Use a user of that server at {SAID}")


def test_who_listens_instead_is_named() -> None:
    other = replace(DATABASE, met="protocol", asked=None, heard="valkey-server")
    [found] = detect(Evidence(endpoint=other))
    assert "reached `valkey-server`, not PostgreSQL" in found.what


def test_a_driver_is_named_for_each_library() -> None:
    plain = replace(
        DATABASE, met="scheme", asked="postgresql", name="create_async_engine", address=""
    )
    [found] = detect(Evidence(endpoint=plain))
    assert found.what.startswith("The URL begins with `postgresql://`")
    assert "`postgresql+asyncpg://`" in found.fix
    [bare] = detect(Evidence(endpoint=replace(plain, name="asyncpg.connect", asked="")))
    assert "no scheme" in bare.what


def test_nobody_there_is_left_to_lc506() -> None:
    assert not list(detect(Evidence(endpoint=replace(DATABASE, met="refused"))))
    assert not list(detect(Evidence()))


def test_a_refusal_that_is_waited_for_is_left_alone() -> None:
    assert not list(detect(Evidence(endpoint=replace(DATABASE, expected=True))))


def test_what_was_only_read_from_words_is_likely() -> None:
    [found] = detect(Evidence(endpoint=replace(DATABASE, sure=False)))
    assert found.certainty == "likely"


def test_the_refused_password_never_shows(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    import loopcheck.servers  # late: only this test has a server

    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    pytester.makepyfile(SECRET)
    with loopcheck.servers.postgres(quiet=True) as server:
        monkeypatch.setenv("LC605_ADDRESS", f"{server.host}:{server.port}")
        report = pytester.path / "report.json"
        ran = pytester.runpytest_subprocess(*PLUGIN, "--tb=line", f"--loopcheck-json={report}")
    ran.stdout.fnmatch_lines(["LC605 wrong-endpoint (certain)", "change *:8"])
    assert "hunter2" not in ran.stdout.str() + Path(report).read_text()
