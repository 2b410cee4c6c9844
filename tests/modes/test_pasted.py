"""A guess by words: the mode whose words they are comes first, what is unknown stays unknown."""

import pytest

from loopcheck.modes import catalogue, pasted

MODES = catalogue.modes()
# As people find them in a log, a terminal, an issue.
MESSAGES = {
    "RuntimeError: Event loop is closed": "LC101",
    "got Future <Future pending> attached to a different loop": "LC102",
    "<asyncio.locks.Lock object at 0x7f2 [locked]> is bound to a different event loop": "LC102",
    "RuntimeError: asyncio.run() cannot be called from a running event loop": "LC103",
    "RuntimeError: There is no current event loop in thread 'MainThread'.": "LC105",
    "ScopeMismatch: You tried to access the function scoped fixture x with a session": "LC106",
    "Task was destroyed but it is pending!\ntask: <Task pending name='Task-2'": "LC210",
    "RuntimeWarning: coroutine 'Store.save' was never awaited": "LC202",
    "Failed: Timeout (>5.0s) from pytest-timeout.": "LC203",
    "Task exception was never retrieved\nfuture: <Task finished": "LC205",
    "'test_x' requested an async fixture 'db', with no plugin or hook that handled it.": "LC301",
    "E       fixture 'event_loop' not found\n>       available fixtures: a, b": "LC302",
    "async def functions are not natively supported.": "LC303",
    "PytestConfigWarning: Unknown config option: asyncio_fixture_scope": "LC304",
    "E       fixture 'async_db' not found\n>       available fixtures: a, b": "LC305",
    "cannot collect test class 'TestUser' because it has a __init__ constructor": "LC306",
    "Unclosed client session\nclient_session: <aiohttp.client.ClientSession object": "LC307",
    "TypeError: object MagicMock can't be used in 'await' expression": "LC401",
    "AttributeError: 'coroutine' object has no attribute 'upper'": "LC402",
    "AssertionError: assert <MagicMock name='mock.get()' id='1403'> == 'Ada'": "LC409",
    "TypeError: __init__() got an unexpected keyword argument 'app'": "LC407",
    "'coroutine' object does not support the asynchronous context manager protocol": "LC410",
    "Duplicated timeseries in CollectorRegistry: {'calls_total'}": "LC501",
    "valkey.exceptions.LockNotOwnedError: Cannot release a lock that's no longer owned": "LC504",
    "ConnectionRefusedError: [Errno 111] Connect call failed ('127.0.0.1', 6379)": "LC506",
    "AttributeError: 'ValkeyClient' object has no attribute 'setnx'": "LC507",
    "AssertionError: assert b'42' == '42'": "LC508",
    'asyncpg.exceptions.UndefinedTableError: relation "users" does not exist': "LC601",
    "sqlite3.OperationalError: table users already exists": "LC602",
    "asyncpg.exceptions.TooManyConnectionsError: sorry, too many clients already": "LC603",
    "asyncpg.exceptions._base.InterfaceError: pool is closed": "LC604",
    'InvalidCatalogNameError: database "app" does not exist': "LC605",
    "This session is provisioning a connection; concurrent operations are not permitted": "LC606",
    "MissingGreenlet: greenlet_spawn has not been called; can't call await_() here.": "LC607",
}


def codes(text: str) -> list[str]:
    return [one.mode.code for one in pasted.guesses(text)]


@pytest.mark.parametrize(("message", "code"), MESSAGES.items(), ids=MESSAGES.values())
def test_a_message_points_to_its_mode_first(message: str, code: str) -> None:
    assert codes(message)[0] == code


@pytest.mark.parametrize("mode", [m for m in MODES if catalogue.says(m)], ids=lambda m: m.code)
def test_each_of_a_modes_words_points_to_it(mode: catalogue.Mode) -> None:
    for words in catalogue.says(mode):
        assert mode.code in codes(words.replace("…", "x").replace(" + ", "\n")), words


@pytest.mark.parametrize(
    "text",
    [
        *("", " \n\t", "xyzzy", "ZeroDivisionError: division by zero", "1 passed in 0.01s"),
        "E       assert 3 == 4\nE        +  where 3 = len([1, 2, 3])",
        "error: Failed building wheel for pillow",
        "ModuleNotFoundError: No module named 'shop'",
        "The event loop closed the deal; a different kind of loop.",
    ],
)
def test_what_is_none_of_them_stays_unknown(text: str) -> None:
    assert codes(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "E   RuntimeError: Task <Task pending> got Future attached to a\nE   different loop",
        "\x1b[1m\x1b[31mE   RuntimeError: … attached to a different loop\x1b[0m",
        "  | RuntimeError: … attached to a different\n  | loop",
        "    RuntimeError: … ATTACHED to a different loop",
        "> RuntimeError: … attached to a different loop",
    ],
)
def test_margins_colours_and_line_ends_do_not_matter(text: str) -> None:
    assert codes(text)[0] == "LC102"


def test_words_in_shown_source_count_less_than_the_message() -> None:
    source = (
        '    with pytest.raises(RuntimeError, match="Event loop is closed"):\n        await x()\n'
    )
    assert codes(f"{source}E   ValueError: too many clients already")[0] == "LC603"


def test_our_own_words_settle_it() -> None:
    said = "LC604 stale-pool (certain)\nwhat  `pool` …\nE  RuntimeError: Event loop is closed"
    assert codes(said)[0] == "LC604"
    assert codes("LC604 some-other-tool's rule") == []


def test_of_a_huge_text_both_ends_are_read() -> None:
    end = "x\n" * 100_000 + "E  RuntimeError: Event loop is closed"
    assert codes(end)[0] == "LC101"
    assert codes("E  RuntimeError: Event loop is closed\n" + "x\n" * 100_000)[0] == "LC101"
