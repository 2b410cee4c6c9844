"""Tests that look at the interpreter themselves end in the same way with --loopcheck as without."""

import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from test_plugin import PLUGINS, Project

ASYNC = """
import asyncio
import gc
import logging
import sys
import warnings
import weakref

import pytest

pytestmark = pytest.mark.asyncio

async def work(error=None):
    if error is not None:
        raise error
    return 1

async def test_a_dropped_coroutine_is_warned_about_as_ever():
    with pytest.warns(RuntimeWarning, match="^coroutine 'work' was never awaited$") as caught:
        work()
        gc.collect()
    assert len(caught) == 1
    assert caught[0].filename == __file__

async def test_no_warning_is_there_before(recwarn):
    assert not recwarn.list
    warnings.warn("mine")
    assert len(recwarn) == 1

async def test_errors_may_be_asked_for():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(UserWarning):
            warnings.warn("mine")
        asyncio.get_running_loop().call_soon(int)
        await asyncio.sleep(0)

async def test_the_log_has_the_lost_error_once(caplog):
    task = asyncio.create_task(work(KeyError("lost")))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    del task
    gc.collect()
    assert [(one.name, one.levelno) for one in caplog.records] == [("asyncio", logging.ERROR)]
    assert caplog.records[0].getMessage().startswith("Task exception was never retrieved")

async def test_nothing_is_printed(capsys):
    print("mine")
    assert capsys.readouterr() == ("mine\\n", "")

async def test_nothing_is_written(capfd):
    print("mine")
    assert capfd.readouterr() == ("mine\\n", "")

async def test_a_task_is_freed_when_it_is_dropped():
    task = asyncio.create_task(work())
    seen = weakref.ref(task), weakref.ref(task.get_coro())
    await task
    del task
    await asyncio.sleep(0)
    assert [one() for one in seen] == [None, None]

async def test_the_handler_of_the_loop_is_asked():
    loop, seen = asyncio.get_running_loop(), []
    assert loop.get_exception_handler() is None
    loop.set_exception_handler(lambda loop, context: seen.append(context))
    loop.call_soon(lambda: 1 / 0)
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert [sorted(one) for one in seen] == [["exception", "handle", "message"]]

async def test_the_factory_is_mine():
    loop, made = asyncio.get_running_loop(), []
    assert loop.get_task_factory() is None
    def factory(loop, coro, **more):
        made.append(1)
        return asyncio.Task(coro, loop=loop, **more)
    loop.set_task_factory(factory)
    assert await asyncio.create_task(work()) == 1
    assert made == [1]

async def test_generators_are_closed_by_hooks_of_mine():
    seen = []
    before = sys.get_asyncgen_hooks()
    assert before.firstiter.__self__ is asyncio.get_running_loop()
    sys.set_asyncgen_hooks(seen.append, before.finalizer)
    async def numbers():
        yield 1
    it = numbers()
    assert await anext(it) == 1
    assert seen == [it]
    await it.aclose()
    sys.set_asyncgen_hooks(*before)

async def test_debug_mode_tells_who_made_a_task():
    loop = asyncio.get_running_loop()
    loop.set_debug(True)
    task = asyncio.create_task(work())
    assert task._source_traceback[-1].name == "test_debug_mode_tells_who_made_a_task"
    await task

async def test_origins_are_kept_only_when_asked():
    one = work()
    kept = one.cr_origin
    one.close()
    assert (kept is None) is (sys.get_coroutine_origin_tracking_depth() == 0)

async def test_lines_are_traced_as_ever():
    lines = []
    def trace(frame, event, arg):
        if frame.f_code.co_name == "work":
            lines.append(event)
        return trace
    before = sys.gettrace()
    sys.settrace(trace)
    try:
        await work()
    finally:
        sys.settrace(before)
    assert lines == ["call", "line", "line", "return"]

async def test_fails_for_its_own_reason():
    assert await work() == 2

@pytest.fixture
def broken():
    raise OSError("no way up")

async def test_fails_in_its_fixture(broken):
    pass

@pytest.mark.xfail(strict=True)
async def test_fails_as_it_should():
    assert await work() == 2

@pytest.mark.xfail(strict=True)
async def test_passes_though_it_should_not():
    assert await work() == 1
"""
PLAIN = '''
import asyncio
import gc
import sys
import threading
import time
import unittest
import warnings
import weakref

import pytest

def add(one, other):
    """Return the sum.

    >>> add(1, 1)
    2
    >>> add(1, 2)
    4
    """
    return one + other

def test_no_callback_listens_to_the_collector():
    assert not gc.callbacks
    ends = time.monotonic() + 60
    while not gc.isenabled():  # paused while the blocked-loop watch looks, on a busy machine
        assert time.monotonic() < ends

def test_what_is_collected_is_mine():
    gc.collect()
    gc.collect()
    class Node: ...
    for _ in range(100):
        one = Node()
        one.self = one
    del one
    assert gc.collect() >= 100

def test_no_object_comes_and_stays():
    gc.collect()
    before = len(gc.get_objects())
    [asyncio.new_event_loop().close() for _ in range(20)]
    gc.collect()
    assert len(gc.get_objects()) - before < 200

def test_calls_are_profiled_as_ever():
    seen = []
    def one(): ...
    sys.setprofile(lambda frame, event, arg: seen.append((frame.f_code.co_name, event)))
    one()
    sys.setprofile(None)
    assert [each for each in seen if each[0] == "one"] == [("one", "call"), ("one", "return")]

def test_all_tools_of_a_known_kind_may_monitor():
    if sys.version_info < (3, 12):
        pytest.skip("from 3.12 on")
    known = "DEBUGGER_ID", "COVERAGE_ID", "PROFILER_ID", "OPTIMIZER_ID"
    numbers = [getattr(sys.monitoring, name) for name in known]
    assert [sys.monitoring.get_tool(n) for n in numbers] == [None] * 4

def test_what_a_destructor_raises_is_heard():
    seen, before = [], sys.unraisablehook
    sys.unraisablehook = lambda unraisable: seen.append(unraisable.exc_type)
    class Bad:
        def __del__(self):
            raise KeyError("bad")
    Bad()
    gc.collect()
    sys.unraisablehook = before
    assert seen == [KeyError]

def test_what_a_destructor_raises_is_a_warning():
    class Bad:
        def __del__(self):
            raise KeyError("bad")
    Bad()
    gc.collect()

def test_what_a_thread_raises_is_heard(monkeypatch):
    seen = []
    monkeypatch.setattr(threading, "excepthook", lambda args: seen.append(args.exc_type))
    thread = threading.Thread(target=lambda: 1 / 0)
    thread.start()
    thread.join()
    assert seen == [ZeroDivisionError]

def test_no_thread_is_there_but_mine():
    assert threading.active_count() == 1 or "xdist" in sys.modules

def test_a_loop_of_mine_warns_when_it_is_dropped():
    gc.collect()  # one in the midst of making the loop would have its sockets end before it
    with pytest.warns(ResourceWarning, match="unclosed event loop"):
        asyncio.new_event_loop()
        gc.collect()

class Order:
    done = False

def test_an_error_that_closed_a_loop_is_let_go():
    async def work(order):
        await asyncio.sleep(0.1)
        order.done = True
    async def main(order):
        task = asyncio.create_task(work(order))
        await asyncio.sleep(0)
        assert order.done, task
    order = Order()
    seen = weakref.ref(order)
    with pytest.raises(AssertionError):
        asyncio.run(main(order))
    del order
    gc.collect()
    assert seen() is None

def test_warnings_are_errors_here():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert asyncio.run(asyncio.sleep(0, 1)) == 1

class TestCase(unittest.IsolatedAsyncioTestCase):
    async def test_passes(self):
        await asyncio.sleep(0)

    async def test_fails(self):
        for n in range(3):
            with self.subTest(n=n):
                self.assertNotEqual(n, 1)

    @unittest.expectedFailure
    async def test_is_expected_to_fail(self):
        self.fail("so")
'''
REPLACED = """
import asyncio
import builtins
import socket
import warnings
from unittest import mock

import pytest

NAMES = (
    *("isinstance", "issubclass", "len", "print", "open", "id", "type", "getattr", "hasattr"),
    *("any", "next", "iter", "tuple", "list", "str", "super", "vars", "min", "Exception"),
)
ERRORS = Exception, BaseException

def handle():
    try:
        raise KeyError("mine")
    except KeyError:
        return 1

async def wait():
    async with asyncio.timeout(0.01):
        await asyncio.Event().wait()

def patch():
    with mock.patch("asyncio.sleep"):
        mock.Mock()()

def connect():
    socket.create_connection(("127.0.0.1", 9), 0.1)

@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("act", [handle, patch, connect, lambda: asyncio.run(wait())])
def test_it(name, act):
    def replaced(*args, **kwargs):
        raise KeyError("replaced")
    theirs, put = getattr(builtins, name), setattr
    put(builtins, name, replaced)
    try:
        act()
    except ERRORS:
        pass
    finally:
        put(builtins, name, theirs)
"""
REVERSED = """
def pytest_collection_modifyitems(items):
    items.reverse()
"""
WAYS: dict[str, dict[str, Any]] = {
    "as it is": {},
    "errors": {"options": ("-W", "error")},
    "development mode": {"env": "PYTHONDEVMODE"},
    "asyncio debug mode": {"env": "PYTHONASYNCIODEBUG"},
    "no warnings": {"options": ("-p", "no:warnings")},
    "no unraisable": {"options": ("-p", "no:unraisableexception", "-p", "no:threadexception")},
    "reversed": {"conftest": REVERSED},
    "workers": {"options": ("-n", "2", "-p", "xdist.plugin")},
    "again": {"again": "--loopcheck-again"},
}


def ends(project: Project, name: str) -> "list[tuple[str, ...]]":
    """Return each test, how it ended, and in which words; addresses change from run to run."""
    tree = ElementTree.parse(project.root / f"{name}.xml")
    return sorted(
        (
            f"{case.get('classname')}::{case.get('name')}",
            *(
                re.sub("(0x|7f)[0-9a-f]+", "", f"{one.tag} {one.get('message')}")
                for one in case
                if one.tag != "properties"  # our codes stand there
            ),
        )
        for case in tree.iter("testcase")
    )


@pytest.mark.parametrize("way", WAYS)
def test_each_test_ends_as_without(
    tmp_path: Path, way: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    project, given = Project(tmp_path), WAYS[way]
    project.write("test_async.py", ASYNC)
    project.write("test_plain.py", PLAIN)
    project.write("conftest.py", str(given.get("conftest", "")))
    if "env" in given:
        monkeypatch.setenv(str(given["env"]), "1")
    options = ("--doctest-modules", *given.get("options", ()))
    without = project.run("--junitxml=without.xml", *options, plugins=PLUGINS)
    asked = str(given.get("again", "--loopcheck"))
    with_it = project.run("--junitxml=with.xml", asked, *options, plugins=PLUGINS)
    assert ends(project, "without") == ends(project, "with")
    assert without.returncode == with_it.returncode == pytest.ExitCode.TESTS_FAILED
    assert warned(without.stdout) == warned(with_it.stdout), without.stdout + with_it.stdout
    passed = [case for case in ends(project, "with") if len(case) == 1]
    assert len(passed) >= 20, with_it.stdout


def test_a_run_ends_whose_tests_replace_a_builtin(tmp_path: Path) -> None:
    project = Project(tmp_path)
    project.write("test_replaced.py", REPLACED)
    # A loop that is half made is collected at any moment, and fails as it is.
    options = ("-p", "no:unraisableexception")
    project.run("--junitxml=without.xml", *options, plugins=PLUGINS)
    project.run("--junitxml=with.xml", "--loopcheck", *options, plugins=PLUGINS)
    assert ends(project, "with") == ends(project, "without")
    assert len(ends(project, "with")) == 76


def warned(said: str) -> str:
    """Return "2 warnings" of the last line."""
    return " ".join(re.findall(r"\d+ warnings?", said.splitlines()[-1]))
