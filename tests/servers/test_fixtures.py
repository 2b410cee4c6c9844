"""The servers as pytest fixtures, for who asks for them."""

import pytest

pytest_plugins = ["pytester"]
ASK = 'pytest_plugins = ["loopcheck.servers.fixtures"]'
USE = """
import valkey.asyncio, asyncio
def test_one(loopcheck_valkey):
    async def use():
        async with valkey.asyncio.from_url(loopcheck_valkey.url) as client:
            assert await client.set("from", "one")
    asyncio.run(use())
def test_two(loopcheck_valkey):
    loopcheck_valkey.check()
"""
USE_POSTGRES = """
def test_one(loopcheck_postgres):
    assert loopcheck_postgres.kind == "postgresql"
    test_one.url = loopcheck_postgres.url
def test_two(loopcheck_postgres):
    loopcheck_postgres.check()
    assert loopcheck_postgres.url == test_one.url
"""


@pytest.fixture(autouse=True)
def few_plugins(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")


def test_who_asks_has_one_server_for_the_run(pytester: pytest.Pytester) -> None:
    pytester.makeconftest(ASK)
    pytester.makepyfile(USE)
    pytester.runpytest_subprocess("-W", "error").assert_outcomes(passed=2)


def test_who_does_not_ask_has_none(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(USE)
    ran = pytester.runpytest_subprocess()
    ran.assert_outcomes(errors=2)
    ran.stdout.fnmatch_lines(["*fixture 'loopcheck_valkey' not found"])


def test_a_server_that_does_not_start_is_one_line(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LOOPCHECK_SERVER", "none")
    pytester.makeconftest(ASK)
    pytester.makepyfile(USE)
    ran = pytester.runpytest_subprocess()
    ran.stdout.fnmatch_lines(["No server: LOOPCHECK_SERVER is 'none', *"])
    ran.stdout.no_fnmatch_line("*Traceback*")
    ran.stdout.no_fnmatch_line("*_start.py*")


def test_who_asks_has_one_postgres_for_the_run(pytester: pytest.Pytester) -> None:
    pytester.makeconftest(ASK)
    pytester.makepyfile(USE_POSTGRES)
    pytester.runpytest_subprocess("-W", "error").assert_outcomes(passed=2)


def test_asking_for_fixtures_starts_and_imports_no_server(pytester: pytest.Pytester) -> None:
    pytester.makeconftest(ASK)
    pytester.makepyfile(
        """
        import sys
        def test_none():
            assert not any(name.startswith("loopcheck.servers._start") for name in sys.modules)
            assert not {"asyncpg", "valkey", "fakeredis", "sqlalchemy"} & set(sys.modules)
        """
    )
    pytester.runpytest_subprocess().assert_outcomes(passed=1)


def test_the_only_names_are_loopchecks_own(pytester: pytest.Pytester) -> None:
    pytester.makeconftest(ASK)
    ran = pytester.runpytest_subprocess("--fixtures", "-q")
    ours = [line for line in ran.outlines if "servers/fixtures.py" in line]
    assert len(ours) == 2
    assert all(line.startswith("loopcheck_") for line in ours)
