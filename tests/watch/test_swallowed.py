"""The watch of handled errors: it notes the user's alone, and leaves the interpreter as found."""

import subprocess
import sys

import pytest

from loopcheck.watch import interpreter_events, swallowed

TELLS = sys.version_info >= (3, 12)
pytestmark = pytest.mark.skipif(not TELLS, reason="the interpreter tells from 3.12 on")


class Store:
    def take(self, key: str) -> bool:
        try:
            return bool(self.counted(key))  # type: ignore[attr-defined]
        except Exception:
            return True


@pytest.fixture(autouse=True)
def watched() -> object:
    undo = swallowed.install()
    swallowed._moment = -1  # what an earlier test left is not of this one
    yield
    undo()
    return None


def test_a_handled_error_is_noted_with_who_asked() -> None:
    assert Store().take("a")
    [one] = [one for one in swallowed.taken() if one.function == "Store.take"]
    assert (one.type, one.names[0]) == ("AttributeError", "AttributeError")
    assert "counted" in one.message
    assert one.asked[0][2] == "test_a_handled_error_is_noted_with_who_asked"


def test_a_line_of_the_users_that_is_called_as_one_of_pytests_is_noted_too() -> None:
    space = {"take": Store().take}
    mine = "def runtest():\n    return take('a')\n"
    exec(compile(mine, "/src/my_pytest_suite/conftest.py", "exec"), space)
    space["runtest"]()  # type: ignore[call-arg]
    [one] = [one for one in swallowed.taken() if one.function == "Store.take"]
    here = "test_a_line_of_the_users_that_is_called_as_one_of_pytests_is_noted_too"
    assert [asked[2] for asked in one.asked] == ["runtest", here]


def test_what_a_library_handles_is_not_noted() -> None:
    before = len(swallowed.taken())
    assert getattr(object(), "nothing", None) is None
    import json.decoder

    with pytest.raises(json.decoder.JSONDecodeError):
        json.loads("{")
    assert all("json" not in one.file for one in swallowed.taken()[before:])


def test_a_line_that_handles_a_million_is_noted_a_few_times() -> None:
    for _ in range(1_000):
        Store().take("a")
    assert len(swallowed.taken()) <= swallowed.EACH


def test_no_error_is_kept_alive() -> None:
    import gc
    import weakref

    class Held(Exception):
        pass

    refs = []

    def handle() -> None:
        try:
            raise Held("x")
        except Held as error:
            refs.append(weakref.ref(error))

    handle()
    gc.collect()
    assert refs[0]() is None


def test_the_interpreter_is_left_as_it_was_found() -> None:
    monitoring = sys.monitoring  # type: ignore[attr-defined,unused-ignore]
    held = [tool for tool in interpreter_events.TOOLS if monitoring.get_tool(tool) == "loopcheck"]
    undo = swallowed.install()
    undo()
    undo()
    assert [t for t in interpreter_events.TOOLS if monitoring.get_tool(t) == "loopcheck"] == held


EXITS = """
import sys
from loopcheck.watch import swallowed
swallowed.install()

def handles():
    try:
        yield
    finally:
        str()

held = handles()
next(held)
sys.held = swallowed, held  # alive while Python empties the modules, and closed after that
"""


def test_a_process_that_exits_with_the_watch_on_ends() -> None:
    done = subprocess.run(
        [sys.executable, "-c", EXITS], capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_where_no_number_is_free_nothing_is_watched() -> None:
    monitoring = sys.monitoring  # type: ignore[attr-defined,unused-ignore]
    free = [tool for tool in interpreter_events.TOOLS if monitoring.get_tool(tool) is None]
    for tool in free:
        monitoring.use_tool_id(tool, "somebody")
    try:
        swallowed._hook()()
    finally:
        for tool in free:
            monitoring.free_tool_id(tool)


def test_a_handler_whose_function_cannot_say_yes_is_not_looked_at() -> None:
    def first(kept: dict[str, int]) -> int:
        try:
            return kept["a"]
        except Exception:
            return 0

    assert first({}) == 0
    assert [one.function for one in swallowed.allowing()] == []
    assert Store().take("a")
    assert [one.function for one in swallowed.allowing()] == ["Store.take"]
