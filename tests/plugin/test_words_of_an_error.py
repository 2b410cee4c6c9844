"""What an error was raised with is the user's: the plugin asks none of it for its words."""

from pathlib import Path

from test_plugin import Project

ASKED = '''
"""Notes in a file who asks an order, or an error, for its words: by way of Python's own, too."""

import sys
from pathlib import Path


def note(what):
    frame = sys._getframe(2)
    while frame.f_globals["__name__"].partition(".")[0] in sys.stdlib_module_names:
        frame = frame.f_back
    with Path("asked.txt").open("a") as file:
        file.write(f"{frame.f_globals['__name__']} asked {what}\\n")


class Order:
    def __str__(self):
        note("an order")
        return "Event loop is closed"

    __repr__ = __str__

    def __eq__(self, other):
        note("whether an order is equal")
        return False

    def __hash__(self):
        note("an order's hash")
        return 1

    def __bool__(self):
        note("whether an order is true")
        return False

    def __len__(self):
        note("an order's length")
        return 0

    def __getattr__(self, name):
        note(f"an order for {name}")
        raise AttributeError(name)


class Failed(Exception):
    def __init__(self, order):
        self.msg = order


def refused(kind):
    class Refused(kind):
        def __str__(self):
            note("an error")
            return "no running event loop"

    return Refused
'''

TESTS = """
import asyncio
import warnings
from concurrent.futures import ThreadPoolExecutor
from unittest.mock import MagicMock, patch

import pytest
from asked import Failed, Order, refused

KINDS = [AttributeError, KeyError, OSError, RuntimeError, TypeError, ValueError, TimeoutError]


async def coroutine():
    return 1


@pytest.fixture
def handed():
    return coroutine()


@pytest.mark.asyncio
@pytest.mark.parametrize("kind", [*KINDS, *map(refused, KINDS), AssertionError, Failed])
async def test_it_fails(kind, handed, monkeypatch):
    monkeypatch.setattr(asyncio, "sleep", MagicMock())
    with patch("concurrent.futures.ThreadPoolExecutor"), patch("os.getcwd"):
        pool, future, lock = ThreadPoolExecutor(), asyncio.Future(), asyncio.Lock()
        await asyncio.wait_for(lock.acquire(), 1)
        raise kind(Order())


@pytest.mark.asyncio
async def test_a_thread_gets_a_mock():
    with patch("concurrent.futures.ThreadPoolExecutor.submit", MagicMock()) as submit:
        submit.side_effect = refused(RuntimeError)(Order())
        await asyncio.get_running_loop().run_in_executor(None, print)


@pytest.mark.asyncio
async def test_what_warns_is_told():
    warnings.warn(RuntimeWarning(Order()))
    raise LookupError


@pytest.mark.asyncio
@pytest.mark.filterwarnings("error")
async def test_what_warns_fails():
    warnings.warn(RuntimeWarning(Order()))
"""


def test_none_of_it_is_asked_by_the_plugin(tmp_path: Path) -> None:
    project = Project(tmp_path)
    project.write("asked.py", ASKED)
    project.write("test_it.py", TESTS)
    project.run("--loopcheck", "--loopcheck-json=report.json")
    asked = (tmp_path / "asked.txt").read_text().splitlines()
    assert any(line.startswith("_pytest.") for line in asked)  # its report does
    assert sorted({line for line in asked if line.startswith("loopcheck")}) == []
