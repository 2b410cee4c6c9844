"""Answers to the exercise of LC310: the right ones and the wrong turns."""

from functools import partial

from changes import in_text  # type: ignore[import-not-found]

from loopcheck.lab.exercises.lc310_split_scope import SKELETON

SKELETON_SAYS = ("every test runs and passes", "different task than it was entered in")
changed = partial(in_text, text=SKELETON)

FIXTURE = """\
@pytest_asyncio.fixture(autouse=True)
async def in_time():
    with anyio.fail_after(0.2):
        yield
"""
DECORATOR = """\
import functools

def in_time(test):
    @functools.wraps(test)
    async def limited(*args, **kwargs):
        async with asyncio.timeout(0.2):
            return await test(*args, **kwargs)
    return limited
"""
ASYNCIO = ("import anyio\n", "import asyncio\n")
MARK = "@pytest.mark.asyncio\n"
LION = '    assert await Press().pull("lion", 2) == ["lion 1", "lion 2"]\n'
SWAN = """\
    assert await press.pull("swan", 0) == []
    assert await press.pull("swan", 1) == ["swan 1"]
"""
ANYIO = """\
pytest_plugins = ["anyio.pytest_plugin"]

@pytest.fixture
def anyio_backend():
    return "asyncio"

@pytest.fixture(autouse=True)
async def in_time(anyio_backend):
    with anyio.fail_after(0.2):
        yield
"""
HELD = """\
@pytest.fixture
def pull():
    async def pull(plate, sheets):
        return await asyncio.wait_for(Press().pull(plate, sheets), 0.2)
    return pull
"""


def limited(lines: str, by: str) -> tuple[str, str]:
    return lines, f"    {by}:\n" + "".join(f"    {one}" for one in lines.splitlines(keepends=True))


RIGHT = {
    "asyncio's own limit in each test": changed(
        ASYNCIO,
        (FIXTURE, ""),
        limited(LION, "async with asyncio.timeout(0.2)"),
        limited(SWAN, "async with asyncio.timeout(0.2)"),
    ),
    "a decorator": changed(
        ASYNCIO,
        (FIXTURE, DECORATOR),
        (f"{MARK}async def test_sheets", f"{MARK}@in_time\nasync def test_sheets"),
        (f"{MARK}async def test_no", f"{MARK}@in_time\nasync def test_no"),
    ),
    "anyio's own plugin": changed(
        ("import pytest_asyncio\n", ""),
        (FIXTURE, ANYIO),
        (MARK, "@pytest.mark.anyio\n"),
    ),
    "a fixture that gives a limited call": changed(
        ASYNCIO,
        ("numbered()", "numbered(pull)"),
        ("Press().pull(", "pull("),
        ("nothing()", "nothing(pull)"),
        ("    press = Press()\n", ""),
        ("press.pull", "pull"),
        (FIXTURE, HELD),
    ),
}

# answer → the requirement that is not met, and words of the remark
WRONG = {
    "asyncio's own limit in the fixture": (
        changed(ASYNCIO, ("with anyio.fail_after(0.2)", "async with asyncio.timeout(0.2)")),
        "a sheet takes 0.4 s",
        "so is the limit",
    ),
    "the error caught": (
        changed(
            (
                "    with anyio.fail_after(0.2):\n        yield\n",
                "    try:\n        with anyio.fail_after(0.2):\n            yield\n"
                "    except RuntimeError:\n        pass\n",
            )
        ),
        "a sheet takes 0.4 s",
        "so is the limit",
    ),
    "no fixture at all": (changed((FIXTURE, "")), "a sheet takes 0.4 s", "so is the limit"),
    "a limit in one test only": (
        changed((FIXTURE, ""), limited(LION, "with anyio.fail_after(0.2)")),
        "a sheet takes 0.4 s",
        "so is the limit",
    ),
    "a limit of two seconds": (
        changed(
            ASYNCIO,
            (FIXTURE, DECORATOR.replace("0.2", "2")),
            (f"{MARK}async def test_sheets", f"{MARK}@in_time\nasync def test_sheets"),
            (f"{MARK}async def test_no", f"{MARK}@in_time\nasync def test_no"),
        ),
        "a sheet takes 0.4 s",
        "so is the limit",
    ),
    "one loop for all": (
        changed(
            ("(autouse=True)", '(autouse=True, loop_scope="module")'),
            (
                f"{MARK}async def test_sheets",
                f'{MARK[:-1]}(loop_scope="module")\nasync def test_sheets',
            ),
            (f"{MARK}async def test_no", f'{MARK[:-1]}(loop_scope="module")\nasync def test_no'),
        ),
        "every test",
        "",
    ),
    "only move_on_after": (
        changed(
            (FIXTURE, ""),
            limited(LION, "with anyio.move_on_after(0.2)"),
            limited(SWAN, "with anyio.move_on_after(0.2)"),
        ),
        "a sheet takes 0.4 s",
        "so is the limit",
    ),
    "anyio's mark": (
        changed(
            ("@pytest_asyncio.fixture", "@pytest.fixture"),
            (f"{MARK}async def test_sheets", "@pytest.mark.anyio\nasync def test_sheets"),
            (f"{MARK}async def test_no", "@pytest.mark.anyio\nasync def test_no"),
        ),
        "every test",
        "`@pytest.mark.anyio` needs",
    ),
    "skipped": (
        changed((FIXTURE, ""), (MARK, "@pytest.mark.skip\n")),
        "every test",
        "pulls no sheet",
    ),
}
