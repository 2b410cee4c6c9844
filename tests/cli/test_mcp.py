"""`loopcheck mcp` as a client sees it: the SDK's own, over stdio, with a real server process."""

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import anyio
import anyio.to_thread
import pytest
from mcp import Client, StdioServerParameters
from mcp_types import CallToolResult
from signs_of_life import Sign

from loopcheck.cli.mcp_server import fixes
from loopcheck.cli.mcp_server.project_runs import Job, OutOfTime
from loopcheck.cli.mcp_server.results import LONGEST_TEXT, MOST
from loopcheck.cli.mcp_server.tools import LONGEST_RUN, TOOLS

BOUND = 120  # seconds that a conversation may take on a busy machine
PLUGINS = "-p pytest_asyncio.plugin -p loopcheck.plugin"
SETTINGS = "[pytest]\nasyncio_mode = auto\nasyncio_default_fixture_loop_scope = function\n"
CART = """\
import asyncio

CART = []


async def add(thing):
    await asyncio.sleep(0)
    CART.append(thing)


async def test_add():
    add("apple")
    assert CART == ["apple"]


def test_plain():
    assert "apple" != "pear"


def test_sum():
    assert 1 + 1 == 3
"""
STAYS = """\
import os, time

def test_stays():
    sign = open({sign!r}, "wb", buffering=0)  # held open by every process of the tree
    if os.fork() == 0:
        os.setsid()  # out of the group, as a daemon would
    sign.write(b"x")
    time.sleep(600)
"""


@dataclass
class Shop:
    """A project, and an empty folder for temporary files."""

    root: Path
    temporary: Path
    mode: str = "auto"  # the newest protocol that both know, or that of older clients

    @property
    def variables(self) -> dict[str, str]:
        return {
            "TMPDIR": str(self.temporary),
            "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
            "PYTEST_ADDOPTS": PLUGINS,
        }

    def talk(self, scenario: Callable[[Client], Awaitable[None]]) -> None:
        """Start a server in the project and let *scenario* talk to it."""

        failed: list[Exception] = []  # the groups of the client would wrap it, several times

        async def main() -> None:
            server = StdioServerParameters(
                command=sys.executable,
                args=["-m", "loopcheck", "mcp"],
                cwd=self.root,
                env=self.variables,
            )
            with anyio.fail_after(BOUND):
                async with Client(server, mode=self.mode) as client:
                    try:
                        await scenario(client)
                    except Exception as error:
                        failed.append(error)

        anyio.run(main)
        if failed:
            raise failed[0]

    def files(self) -> dict[str, bytes]:
        """Return the files of the project, without what pytest and Python cache."""
        found = (one for one in sorted(self.root.rglob("*")) if one.is_file())
        return {
            one.relative_to(self.root).as_posix(): one.read_bytes()
            for one in found
            if not {"__pycache__", ".pytest_cache"} & set(one.parts)
        }


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    made = Shop(tmp_path.resolve() / "shop", tmp_path / "temporary")
    (made.root / "tests").mkdir(parents=True)
    made.temporary.mkdir()
    (made.root / "pytest.ini").write_text(SETTINGS)
    (made.root / "tests" / "test_cart.py").write_text(CART)
    return made


def said(answer: CallToolResult) -> str:
    """Return the text of an answer that is no error."""
    [content] = answer.content
    assert content.type == "text"
    assert not answer.is_error, content.text
    return content.text


def refused(answer: CallToolResult) -> str:
    """Return the one line of an error."""
    [content] = answer.content
    assert content.type == "text"
    assert answer.is_error, content.text
    assert "\n" not in content.text
    return content.text


@pytest.fixture
def sign(shop: Shop, tmp_path: Path) -> Iterator[Sign]:
    """Return the sign of a test that stays."""
    made = Sign(tmp_path / "sign", BOUND / 2)
    stays = STAYS.format(sign=str(made.path))
    (shop.root / "tests" / "test_stays.py").write_text(stays)
    yield made
    os.close(made.end)


linux = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a daemon can't be adopted")


async def heard(sign: Sign) -> None:
    """Wait until both processes of the test live."""
    assert await anyio.to_thread.run_sync(sign.read, 2) == b"xx"


STAYING = {"args": ["tests/test_stays.py"]}


@pytest.mark.parametrize("mode", ["auto", "legacy"])
def test_a_run_names_the_cause_and_the_line_to_change(shop: Shop, mode: str) -> None:
    shop.mode = mode
    before = shop.files()

    async def scenario(client: Client) -> None:
        answer = await client.call_tool("run_tests", {})
        data = answer.structured_content
        assert data["counts"] == {"tests": 3, "failed": 2, "passed": 1}
        [cause] = data["causes"]
        known = ("code", "certainty", "change", "source", "edit", "failed")
        assert [cause[name] for name in known] == [
            "LC202",
            "certain",
            "tests/test_cart.py:12",
            'add("apple")',
            True,
            True,
        ]
        assert cause["rerun"] == "pytest --loopcheck tests/test_cart.py::test_add"
        assert data["unexplained"] == [
            {"test": "tests/test_cart.py::test_sum", "error": "assert (1 + 1) == 3"}
        ]
        assert not data["truncated"]
        text = said(answer)
        assert text.startswith("3 tests: 2 failed, 1 passed\n")
        first = "tests/test_cart.py:12: LC202 never-awaited (certain): "
        for words in (f"\n{first}", "`await` the call"):
            assert words in text

        answer = await client.call_tool("run_tests", {"args": ["-k", "plain or sum", "tests"]})
        assert answer.structured_content["counts"] == {"tests": 2, "failed": 1, "passed": 1}
        assert answer.structured_content["causes"] == []

    shop.talk(scenario)
    assert shop.files() == before
    assert [*shop.temporary.iterdir()] == []


def test_wrong_arguments_get_one_clear_line(shop: Shop) -> None:
    (shop.root.parent / "test_out.py").write_text("def test_out(): pass\n")

    async def scenario(client: Client) -> None:
        async def refusal(tool: str, **arguments: Any) -> str:
            return refused(await client.call_tool(tool, arguments))

        outside = f"outside of {shop.root}, where loopcheck mcp was started."
        assert outside in await refusal("run_tests", args=["../test_out.py"])
        assert outside in await refusal("run_tests", args=[str(shop.root.parent)])
        assert "option `--rootdir`" in await refusal("run_tests", args=["--rootdir=/"])
        assert await refusal("run_tests", arg=[]) == "No argument `arg`. Try: run_tests args"
        assert "`args` must be of type array of strings" in await refusal("run_tests", args="x")
        assert "`args` must be of type array of strings" in await refusal("run_tests", args=[1])
        assert "`timeout` must be of type number" in await refusal("run_tests", timeout=True)
        for wrong in (0, -1, 1e9):
            assert "above 0 and at most 1800" in await refusal("run_tests", timeout=wrong)
        assert await refusal("explain") == "explain needs the argument `words`."
        assert "No mode has `xyzzy`" in await refusal("explain", words="xyzzy")
        assert "Try: tools/call run_tests" in await refusal("run_test")
        # After all that, the server still works.
        assert "1 passed" in said(await client.call_tool("run_tests", {"args": ["-k", "plain"]}))

    shop.talk(scenario)


def test_pages_and_pasted_messages_are_explained(shop: Shop) -> None:
    async def scenario(client: Client) -> None:
        page = await client.call_tool("explain", {"words": "never-awaited"})
        assert said(page).startswith("LC202 never-awaited: ")
        assert page.structured_content["code"] == "LC202"
        pasted = "RuntimeError: Task got Future attached to a different loop"
        found = await client.call_tool("explain", {"words": pasted})
        assert found.structured_content["modes"][0]["code"] == "LC102"
        assert "LC102 loop-mismatch: " in said(found)
        many = await client.call_tool("explain", {"words": "loop"})
        assert len(many.structured_content["modes"]) == 10
        assert many.structured_content["truncated"]

    shop.talk(scenario)


def test_what_pytest_says_is_told_when_no_test_ran(shop: Shop) -> None:
    (shop.root / "tests" / "test_cart.py").write_text("import nothing_like_this\n")

    async def scenario(client: Client) -> None:
        answer = await client.call_tool("run_tests", {})
        [failure] = answer.structured_content["unexplained"]
        assert failure["test"] == "tests/test_cart.py"
        assert "nothing_like_this" in failure["error"]
        answer = await client.call_tool("run_tests", {"args": ["--tb=nonsense"]})
        assert "invalid choice: 'nonsense'" in answer.structured_content["stopped"]
        assert "invalid choice: 'nonsense'" in said(answer)

    shop.talk(scenario)


MANY = """\
import asyncio, pytest

async def add(thing):
    await asyncio.sleep(0)

@pytest.mark.parametrize("number", range(30))
def test_fails(number):
    assert number < 0, "x" * 5000
"""
ONE = """
async def test_{number}():
    add({number})
    assert 0
"""


def test_an_answer_has_its_bounds(shop: Shop) -> None:
    text = MANY + "".join(ONE.format(number=number) for number in range(30))
    (shop.root / "tests" / "test_cart.py").write_text(text)

    async def scenario(client: Client) -> None:
        answer = await client.call_tool("run_tests", {})
        data = answer.structured_content
        assert data["counts"]["tests"] == 60
        assert (len(data["causes"]), len(data["unexplained"])) == (MOST, MOST)
        assert data["truncated"]
        assert len(json.dumps(data)) < 2 * LONGEST_TEXT
        assert len(said(answer)) <= LONGEST_TEXT + 100
        assert f"Only the first {MOST} are listed." in said(answer)

    shop.talk(scenario)


@linux
def test_a_file_whose_name_is_no_text_is_told(shop: Shop) -> None:
    (shop.root / "tests" / "test_cart.py").unlink()
    name = os.fsdecode(b"test_\xff.py")
    (shop.root / "tests" / name).write_text(CART)

    async def scenario(client: Client) -> None:
        arguments = {"args": ["-p", "no:cacheprovider", "-k", "add"]}  # pytest's cache fails
        answer = await client.call_tool("run_tests", arguments)
        assert answer.structured_content["causes"][0]["change"] == "tests/test_\\udcff.py:12"
        answer = await client.call_tool("why", {"test": "test_add"})
        assert answer.structured_content["findings"][0]["where"]["line"] == 12
        assert "tests/test_\\udcff.py:12" in said(answer)

    shop.talk(scenario)


# What one test shows


def test_all_that_is_known_of_one_test_is_told(shop: Shop) -> None:
    async def scenario(client: Client) -> None:
        # Nothing has run yet: `why` runs the test.
        answer = await client.call_tool("why", {"test": "tests/test_cart.py::test_add"})
        assert "LC202 never-awaited (certain)" in said(answer)
        assert "change   tests/test_cart.py:12" in said(answer)
        [finding] = answer.structured_content["findings"]
        assert finding["where"]["line"] == 12
        assert finding["edit"] is True
        # Now it is known by its short name, and is not run again.
        (shop.root / "tests" / "test_cart.py").write_text(
            CART.replace("    add(", "    await add(")
        )
        again = await client.call_tool("why", {"test": "test_add"})
        assert again.structured_content == answer.structured_content

        answer = await client.call_tool("why", {"test": "tests/test_cart.py::test_sum"})
        assert "No mode of loopcheck explains this failure." in said(answer)
        assert ">       assert 1 + 1 == 3" in said(answer)
        assert answer.structured_content["output"].startswith("=")
        answer = await client.call_tool("why", {"test": "tests/test_cart.py::test_plain"})
        assert answer.structured_content["outcome"] == "passed"
        assert "This was a run of this test alone." in said(answer)

        assert "outside of" in refused(await client.call_tool("why", {"test": "../x.py::test"}))
        wrong = await client.call_tool("why", {"test": "-c/x.ini"})
        assert "No file or folder `-c/x.ini`" in refused(wrong)

    shop.talk(scenario)


def test_an_ambiguous_name_is_answered_with_the_tests_that_have_it(shop: Shop) -> None:
    (shop.root / "tests" / "test_other.py").write_text("def test_plain(): pass\n")

    async def scenario(client: Client) -> None:
        await client.call_tool("run_tests", {"args": ["-k", "plain"]})
        assert refused(await client.call_tool("why", {"test": "test_plain"})) == (
            "2 tests are named `test_plain`: tests/test_cart.py::test_plain, "
            "tests/test_other.py::test_plain"
        )

    shop.talk(scenario)


# Fixes


def test_tools_alone_make_a_red_project_green_with_the_proof(shop: Shop) -> None:
    text = CART.replace("1 + 1 == 3", "1 + 1 == 2")
    (shop.root / "tests" / "test_cart.py").write_text(text)
    before = shop.files()

    async def scenario(client: Client) -> None:
        red = await client.call_tool("run_tests", {})
        assert red.structured_content["counts"]["failed"] == 1
        [cause] = red.structured_content["causes"]
        assert cause["edit"]

        shown = await client.call_tool("fix", {"test": cause["test"]})
        [fault] = shown.structured_content["faults"]
        assert fault["proved"]
        assert '-    add("apple")\n+    await add("apple")\n' in fault["diff"]
        proof = "`test_add` passes 3 times, then in random order, and the fault is gone"
        assert fault["proof"].startswith(proof)
        assert fault["diff"] in said(shown)
        assert shown.structured_content["written"] == []
        assert said(shown).endswith("To write what is proved: fix with write=true")
        assert shop.files() == before

        done = await client.call_tool("fix", {"write": True})
        assert done.structured_content["written"] == ["tests/test_cart.py"]
        assert said(done).endswith("1 fault: 1 proved. Changed: tests/test_cart.py")

        green = await client.call_tool("run_tests", {})
        assert green.structured_content["counts"] == {"tests": 3, "passed": 3}
        assert green.structured_content["causes"] == []
        rest = await client.call_tool("fix", {"write": True})
        assert said(rest) == "Nothing to fix: 3 tests, no fault."

    shop.talk(scenario)
    mended = text.replace('    add("apple")', '    await add("apple")').encode()
    assert shop.files() == before | {"tests/test_cart.py": mended}
    assert [*shop.temporary.iterdir()] == []


def test_what_is_not_proved_is_not_written(shop: Shop) -> None:
    text = CART.replace("CART.append(thing)", "CART.append(thing * 2)")
    (shop.root / "tests" / "test_cart.py").write_text(text)
    before = shop.files()

    async def scenario(client: Client) -> None:
        answer = await client.call_tool("fix", {"test": "tests/test_cart.py", "write": True})
        [fault] = answer.structured_content["faults"]
        assert not fault["proved"]
        assert "still fails" in fault["tried"][0]["but"]
        assert answer.structured_content["written"] == []

    shop.talk(scenario)
    assert shop.files() == before


class Impatient(Job):
    """A call whose time is over when the second fault is tried."""

    def say(self, what: str) -> None:
        super().say(what)
        if what.startswith("LC"):
            self.tried = getattr(self, "tried", 0) + 1
            if self.tried == 2:
                raise OutOfTime


def test_what_is_proved_in_time_is_shown_and_not_written(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    more = CART.partition("async def test_add")[2].partition("def test_plain")[0]
    text = f"{CART}\n\nasync def test_more{more}"
    (shop.root / "tests" / "test_cart.py").write_text(text)
    for name, value in shop.variables.items():
        monkeypatch.setenv(name, value)
    before = shop.files()
    job = Impatient(600.0)
    job.start()
    result = fixes.proved(shop.root, ("tests",), job, write=True)
    assert [one["proved"] for one in result.data["faults"]] == [True]
    assert result.data["written"] == []
    assert "Stopped after 600 s: nothing was written." in result.text
    assert shop.files() == before


@linux
def test_a_cancelled_fix_leaves_nothing(shop: Shop, sign: Sign) -> None:
    before = shop.files()

    async def scenario(client: Client) -> None:
        async with anyio.create_task_group() as group:
            group.start_soon(client.call_tool, "fix", {"write": True})
            await heard(sign)
            group.cancel_scope.cancel()
        assert await anyio.to_thread.run_sync(sign.read, 1) == b""

    shop.talk(scenario)
    assert shop.files() == before
    assert [*shop.temporary.iterdir()] == []


def test_nothing_is_written_outside_of_the_servers_folder(shop: Shop) -> None:
    """The project may be larger: its root has the settings, and its tests use that code."""
    whole = shop.root
    (whole / "pytest.ini").write_text(f"{SETTINGS}pythonpath = .\n")
    (whole / "cart.py").write_text(CART.partition("async def test_add")[0] + PUT)
    (whole / "tests" / "test_cart.py").write_text(PUTS)
    before = shop.files()
    shop.root = whole / "tests"

    async def scenario(client: Client) -> None:
        red = await client.call_tool("run_tests", {"args": ["test_cart.py"]})
        [cause] = red.structured_content["causes"]
        assert cause["change"] == "cart.py:12"
        # The name is relative to pytest's root; both that and our own are understood.
        shown = await client.call_tool("fix", {"test": cause["test"]})
        assert shown.structured_content["faults"][0]["proved"]
        wrong = await client.call_tool("fix", {"test": "test_cart.py", "write": True})
        line = refused(wrong)
        assert f"outside of {whole / 'tests'}: nothing was written." in line

    shop.talk(scenario)
    shop.root = whole
    assert shop.files() == before


PUT = """\
async def put(thing):
    add(thing)
"""
PUTS = """\
import cart

async def test_put():
    await cart.put("apple")
    assert cart.CART == ["apple"]
"""


# Hangs

HANGS = """\
import asyncio

async def test_hangs():
    gate = asyncio.Event()
    await gate.wait()

def test_goes_on(): pass
"""


def test_what_a_hung_test_waits_for_is_told(shop: Shop) -> None:
    (shop.root / "tests" / "test_hangs.py").write_text(HANGS)

    async def scenario(client: Client) -> None:
        arguments = {"args": ["tests/test_hangs.py"], "limit": 1}
        answer = await client.call_tool("hang_of", arguments)
        [hung] = answer.structured_content["hung"]
        assert hung["test"] == "tests/test_hangs.py::test_hangs"
        assert [one["code"] for one in hung["findings"]] == ["LC203"]
        assert "`test_hangs` waits at tests/test_hangs.py:5 for the event `gate`" in said(answer)
        assert answer.structured_content["counts"] == {"tests": 2, "failed": 1, "passed": 1}

        arguments = {"args": ["-k", "plain", "--loopcheck-hang=600"], "limit": 60}
        answer = await client.call_tool("hang_of", arguments)
        assert said(answer) == "1 test: 1 passed\nNo test hung for 60 s."
        wrong = await client.call_tool("hang_of", {"limit": 5, "timeout": 5})
        assert "`limit` must be above 0 and below 5" in refused(wrong)

    shop.talk(scenario)


# The end of a run


@linux
def test_a_limit_ends_the_whole_tree_and_says_so(shop: Shop, sign: Sign) -> None:
    async def scenario(client: Client) -> None:
        async with anyio.create_task_group() as group:
            group.start_soon(heard, sign)
            answer = await client.call_tool("run_tests", {**STAYING, "timeout": 8})
        assert "did not end within 8 s" in answer.structured_content["stopped"]
        assert "did not end within 8 s" in said(answer)
        assert "1 passed" in said(await client.call_tool("run_tests", {"args": ["-k", "plain"]}))

    shop.talk(scenario)
    assert sign.read(1) == b""
    assert [*shop.temporary.iterdir()] == []


@linux
@pytest.mark.parametrize("mode", ["auto", "legacy"])
def test_a_cancelled_call_ends_the_whole_tree(shop: Shop, sign: Sign, mode: str) -> None:
    shop.mode = mode

    async def scenario(client: Client) -> None:
        async with anyio.create_task_group() as group:
            group.start_soon(client.call_tool, "run_tests", STAYING)
            await heard(sign)
            group.cancel_scope.cancel()
        assert await anyio.to_thread.run_sync(sign.read, 1) == b""
        # The next call does not wait for the cancelled one.
        assert "1 passed" in said(await client.call_tool("run_tests", {"args": ["-k", "plain"]}))

    shop.talk(scenario)
    assert [*shop.temporary.iterdir()] == []


FIRST = (
    {
        "id": 1,
        "method": "initialize",
        "params": {
            "protocolVersion": "2025-06-18",
            "capabilities": {},
            "clientInfo": {"name": "a test", "version": "1"},
        },
    },
    {"method": "notifications/initialized"},
    {"id": 2, "method": "tools/call", "params": {"name": "run_tests", "arguments": STAYING}},
)


@linux
@pytest.mark.parametrize("how", ["closes", "SIGINT", "SIGTERM", "SIGHUP", "SIGKILL"])
def test_a_server_that_ends_takes_the_tests_with_it(shop: Shop, sign: Sign, how: str) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "loopcheck", "mcp"],
        cwd=shop.root,
        env=os.environ | shop.variables,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as server:
        assert server.stdin is not None
        assert server.stdout is not None
        for message in FIRST:
            server.stdin.write(json.dumps({"jsonrpc": "2.0", **message}) + "\n")
        server.stdin.flush()
        assert sign.read(2) == b"xx"
        if how == "closes":
            server.stdin.close()
        else:
            server.send_signal(getattr(signal, how))
        assert sign.read(1) == b""
        heard = server.stdout.read().splitlines()
        assert server.wait(BOUND) == (0 if how == "closes" else abs_code(how))
    assert [json.loads(line)["jsonrpc"] for line in heard] == ["2.0"] * len(heard)
    # A server that was killed leaves its folder to the next one.
    assert len([*shop.temporary.iterdir()]) == (1 if how == "SIGKILL" else 0)


def abs_code(how: str) -> int:
    """Return the exit code of a process that a signal ends, or that ends itself for one."""
    number = int(getattr(signal, how))
    return -number if how == "SIGKILL" else 128 + number


def test_without_the_extra_one_line_says_what_to_install(shop: Shop) -> None:
    hide = "import sys; sys.modules['mcp_types'] = None; from loopcheck.cli.main import main; "
    done = subprocess.run(
        [sys.executable, "-c", f"{hide}sys.exit(main(['mcp']))"],
        cwd=shop.root,
        capture_output=True,
        text=True,
        timeout=BOUND,
        check=False,
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        'loopcheck: loopcheck[mcp] is not installed here. Try: pip install "loopcheck[mcp]"\n'
    )


# The page about it


def test_the_page_names_each_tool_with_its_arguments() -> None:
    page = (Path(__file__).parents[2] / "docs" / "mcp.md").read_text("utf-8")
    rows = re.findall(r"^\| `(\w+)\((.*?)\)` \|", page, re.MULTILINE)
    assert rows == [(tool.name, ", ".join(tool.arguments)) for tool in TOOLS.values()]
    for number in (f"{LONGEST_TEXT:,}", f"{LONGEST_RUN:,}"):
        assert re.search(rf"\b{number}\b", page)
    [block] = re.findall(r"```json\n(.*?)```", page, re.DOTALL)
    assert json.loads(block)["mcpServers"]["loopcheck"]["args"] == ["mcp"]
