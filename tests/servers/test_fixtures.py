"""The server as a pytest fixture, for who asks for it."""

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
