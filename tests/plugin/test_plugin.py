"""`pytest --loopcheck` in real runs: what it says, what it writes, and when it keeps quiet."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import warm

MISMATCH = """
import asyncio
import pytest

ready = asyncio.Event()

async def wait():
    ready.clear()
    asyncio.get_running_loop().call_soon(ready.set)
    return await ready.wait()

@pytest.mark.asyncio
async def test_one():
    assert await wait()

@pytest.mark.asyncio
async def test_two():
    assert await wait()

@pytest.mark.asyncio
async def test_three():
    assert await wait()
"""
PLAIN = """
def test_sum():
    assert 1 + 1 == 3
"""
PLUGINS = ("-p", "pytest_asyncio.plugin", "-p", "loopcheck.plugin", "-p", "no:cacheprovider")


class Project:
    """A folder with tests, run by a pytest of its own."""

    cold = False

    def __init__(self, root: Path) -> None:
        self.root = root
        self.write("pytest.ini", "[pytest]\nasyncio_default_fixture_loop_scope = function\n")

    def write(self, name: str, text: str) -> None:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def run(
        self, *options: str, plugins: tuple[str, ...] = PLUGINS
    ) -> "subprocess.CompletedProcess[str]":
        command = (sys.executable, "-m", "pytest", *plugins, *options)
        env = os.environ | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
        return warm.run(command, self.root, env, cold=self.cold)

    def report(self, name: str = "report.json") -> Any:
        return json.loads((self.root / name).read_text())


@pytest.fixture
def project(tmp_path: Path) -> Project:
    project = Project(tmp_path)
    project.cold = True  # as users start it; those of the other files are warm
    return project


def test_a_failure_gets_a_section_and_the_run_a_summary(project: Project) -> None:
    project.write("test_jobs.py", MISMATCH)
    said = project.run("--loopcheck").stdout
    assert "- loopcheck -" in said
    assert "what     `ready` belongs to loop 1 (function loop of test_one)" in said
    assert "change   test_jobs.py:5   ready = asyncio.Event()" in said
    assert "more     loopcheck explain LC102" in said
    assert "test_jobs.py:5: LC102 loop-mismatch: `ready`, 2 times" in said


def test_nothing_is_said_without_the_option(project: Project) -> None:
    project.write("test_jobs.py", MISMATCH)
    assert "LC102" not in project.run().stdout


def test_a_plain_failure_gets_no_finding_and_the_summary_says_so(project: Project) -> None:
    project.write("test_sum.py", PLAIN)
    said = project.run("--loopcheck").stdout
    assert said.count("- loopcheck -") == 1
    assert "1 failed: none explained (nothing in the modes fits)" in said.splitlines()


def test_the_summary_says_how_many_failures_have_no_finding(project: Project) -> None:
    project.write("test_jobs.py", MISMATCH)
    explained = project.run("--loopcheck").stdout
    assert "2 failed: 2 explained" in explained.splitlines()
    project.write("test_sum.py", PLAIN)
    mixed = project.run("--loopcheck").stdout
    assert "3 failed: 2 explained, 1 not (nothing in the modes fits)" in mixed.splitlines()


def test_a_run_in_which_all_pass_gets_no_verdict(project: Project) -> None:
    project.write("test_sum.py", "def test_sum():\n    assert 1 + 1 == 2\n")
    assert "loopcheck -" not in project.run("--loopcheck").stdout


def test_the_ini_asks_for_it_too(project: Project) -> None:
    project.write("test_jobs.py", MISMATCH)
    project.write(
        "pytest.ini",
        "[pytest]\nasyncio_default_fixture_loop_scope = function\n"
        "loopcheck = true\nloopcheck_json = out/report.json\n",
    )
    assert "LC102" in project.run().stdout
    assert project.report("out/report.json")["counts"]["explained"] == 2


def test_the_report_has_one_finding_for_one_fault(project: Project) -> None:
    project.write("test_jobs.py", MISMATCH)
    project.run("--loopcheck-json=report.json")
    whole = project.report()
    [found] = whole["findings"]
    assert whole["schema"] == 2
    assert whole["counts"] == {"tests": 3, "explained": 2, "ignored": 0}
    assert (found["code"], found["count"]) == ("LC102", 2)
    assert found["test"] == "test_jobs.py::test_two"
    assert found["also"] == ["test_jobs.py::test_three"]
    source = "ready = asyncio.Event()"
    assert found["where"] == {"file": "test_jobs.py", "line": 5, "name": "ready", "source": source}


def test_the_report_is_there_when_a_conftest_cannot_be_imported(project: Project) -> None:
    project.write("conftest.py", "import nothing_of_that_name\n")
    project.run("--loopcheck-json=report.json")
    assert project.report()["findings"] == []


SPY = """
import json, os

def replaced(source, goal, replace=os.replace):
    if str(goal).endswith("report.json"):  # Python replaces its bytecode, too
        json.loads(open(source, encoding="utf-8").read())
    replace(source, goal)

os.replace = replaced
"""


def test_the_report_is_whole_each_time_it_is_replaced(project: Project) -> None:
    project.write("spy.py", SPY)
    project.write("test_jobs.py", MISMATCH)
    ended = project.run("--loopcheck-json=report.json", plugins=("-p", "spy", *PLUGINS))
    assert "2 failed, 1 passed" in ended.stdout, ended.stderr


def test_workers_send_their_findings_to_the_one_report(project: Project) -> None:
    project.write("test_jobs.py", MISMATCH)
    project.write("test_other.py", MISMATCH)
    options = ("-n", "2", "--dist", "loadfile", "--loopcheck", "--loopcheck-json=report.json")
    said = project.run(*options, plugins=(*PLUGINS, "-p", "xdist.plugin")).stdout
    assert {found["where"]["file"] for found in project.report()["findings"]} == {
        "test_jobs.py",
        "test_other.py",
    }
    assert said.count("loopcheck explain LC102") == 2  # each file has a fault of its own


def test_a_run_that_a_worker_started_writes_its_own_report(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTEST_XDIST_WORKER", "gw0")
    project.write("test_jobs.py", MISMATCH)
    project.run("--loopcheck-json=report.json")
    assert project.report()["findings"][0]["code"] == "LC102"


def test_a_path_that_cannot_be_written_ends_the_run_before_it_begins(project: Project) -> None:
    project.write("test_jobs.py", MISMATCH)
    project.write("folder/kept", "")
    ended = project.run("--loopcheck-json=folder/kept/report.json")
    assert ended.returncode == pytest.ExitCode.USAGE_ERROR
    assert "--loopcheck-json" in ended.stderr
    assert "Name a file in a folder that you may write to." in ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_fault_of_ours_is_a_line_and_never_fails_a_test(project: Project) -> None:
    project.write("test_sum.py", PLAIN)
    project.write(
        "conftest.py",
        "from loopcheck.modes import diagnose\n"
        "def broken(*case):\n    raise KeyError('ours')\n"
        "diagnose.diagnose = broken\n",
    )
    ended = project.run("--loopcheck")
    assert "loopcheck could not look at this failure: KeyError" in ended.stdout
    assert ended.returncode == pytest.ExitCode.TESTS_FAILED


def test_outcomes_are_the_same_with_and_without(project: Project) -> None:
    project.write("test_jobs.py", MISMATCH)
    project.write("test_sum.py", PLAIN)
    with_it, without = project.run("--loopcheck", "-rA"), project.run("-rA")
    lines = [
        [line for line in run.stdout.splitlines() if line.startswith(("PASSED", "FAILED"))]
        for run in (with_it, without)
    ]
    assert [line.split(" - ")[0] for line in lines[0]] == [
        line.split(" - ")[0] for line in lines[1]
    ]
    assert with_it.returncode == without.returncode


@pytest.mark.parametrize("option", ["--tb=no", "-x", "-q", "--co", "--maxfail=1"])
def test_common_options_are_no_trouble(project: Project, option: str) -> None:
    project.write("test_jobs.py", MISMATCH)
    ended = project.run("--loopcheck", option)
    assert "INTERNALERROR" not in ended.stdout + ended.stderr
    assert ("LC102" in ended.stdout) == (option != "--co")


def test_without_a_terminal_the_report_is_still_written(project: Project) -> None:
    project.write("test_jobs.py", MISMATCH)
    project.run("-p", "no:terminal", "--loopcheck", "--loopcheck-json=report.json")
    assert project.report()["findings"][0]["code"] == "LC102"


def test_the_hooks_are_gone_when_the_run_is_over(project: Project) -> None:
    project.write("test_jobs.py", MISMATCH)
    project.write(
        "twice.py",
        "import asyncio, pytest\n"
        "before = asyncio.BaseEventLoop.__init__, asyncio.BaseEventLoop.close\n"
        f"pytest.main([*{PLUGINS!r}, '--loopcheck'])\n"
        "assert before == (asyncio.BaseEventLoop.__init__, asyncio.BaseEventLoop.close)\n",
    )
    env = os.environ | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    ended = subprocess.run(
        [sys.executable, "twice.py"], cwd=project.root, env=env, timeout=60, check=False
    )
    assert ended.returncode == 0


def test_no_syntax_tree_is_left_for_the_collections_at_the_end(project: Project) -> None:
    project.write(
        "conftest.py",
        """
import ast, gc, pytest

@pytest.hookimpl(tryfirst=True)
def pytest_unconfigure():
    kinds = (ast.Module, ast.FunctionDef, ast.Call)
    print("trees:", sum(type(one) in kinds for one in gc.get_objects()))
""",
    )
    project.write("test_events.py", MISMATCH)
    said = project.run("--loopcheck", "-s").stdout
    assert "LC102 2" in said
    assert "trees: 0" in said


def test_without_pytest_asyncio_it_keeps_quiet(project: Project) -> None:
    project.write("test_sum.py", PLAIN)
    project.write("pytest.ini", "[pytest]\n")
    ended = project.run("--loopcheck", plugins=("-p", "loopcheck.plugin"))
    assert ended.returncode == pytest.ExitCode.TESTS_FAILED
    assert "LC" not in ended.stdout


def test_what_rewrites_assertions_stays_where_it_is_and_leaves_ours_alone(project: Project) -> None:
    finders = "import sys\nFINDERS = [type(one).__name__ for one in sys.meta_path]\n"
    project.write("conftest.py", finders)
    project.write(
        "test_import.py",
        "import sys\nimport conftest\nfrom loopcheck.plugin import hooks\n"
        "def test_finders():\n"
        "    print(conftest.FINDERS, type(hooks.__spec__.loader).__name__)\n"
        "    left, right = [1, 2], [1, 3]\n"
        "    assert left == right\n",
    )
    done = project.run("--loopcheck")
    assert "'AssertionRewritingHook'" in done.stdout, done.stdout
    assert "] SourceFileLoader" in done.stdout
    assert "At index 1 diff: 2 != 3" in done.stdout  # the test's own are rewritten
    assert project.run("--loopcheck", "--assert=plain").returncode == 1


def test_an_installed_package_of_ours_is_not_rewritten_whole(project: Project) -> None:
    """Not even what the first failure imports: without a cache that took longer than the rest."""
    project.write("twin-9.dist-info/METADATA", "Metadata-Version: 2.1\nName: twin\n")
    project.write("twin-9.dist-info/entry_points.txt", "[pytest11]\nx = os\n")
    project.write("twin-9.dist-info/RECORD", "loopcheck/__init__.py,,\nnear.py,,\n")
    project.write("near.py", "")
    project.write("test_it.py", MISMATCH + "import near\n")
    project.write(
        "conftest.py",
        "import sys\ndef pytest_unconfigure():\n    print('BY', sorted({\n"
        "        (name.split('.')[0], type(one.__spec__.loader).__name__)\n"
        "        for name, one in list(sys.modules.items())\n"
        "        if name == 'near' or name.startswith('loopcheck.watch')}))\n",
    )
    plain = {name: value for name, value in os.environ.items() if "AUTOLOAD" not in name}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:x", "--loopcheck"],
        cwd=project.root,
        env=plain,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert "LC102" in done.stdout, done.stdout + done.stderr
    ours, near = ("loopcheck", "SourceFileLoader"), ("near", "AssertionRewritingHook")
    assert f"BY {[ours, near]}" in done.stdout, done.stdout


MARKED = """
import pytest
from helpers import add
@pytest.mark.asyncio
async def test_one():
    assert add(1, 1) == 2
"""
LEFT_BY_ANYIO = """
import pytest
from helpers import add
@pytest.fixture
def anyio_backend():
    return "asyncio"
@pytest.mark.anyio
async def test_one():
    assert add(1, 1) == 2
"""
LOCAL_CLASSES = """
from helpers import add
def test_one():
    class Order:
        price = 1
    assert add(Order.price, 1) == 2
def test_two():
    class Order:
        price = 2
    assert add(Order.price, 1) == 3
"""


@pytest.mark.parametrize("tests", [MARKED, LEFT_BY_ANYIO, LOCAL_CLASSES])
def test_a_run_that_passes_imports_nothing_that_explains(project: Project, tests: str) -> None:
    """Probes and modes take as long as a thousand tests may."""
    seen = (
        "import sys\ndef pytest_unconfigure():\n"
        "    ours = [name for name in sys.modules if name.startswith('loopcheck.')]\n"
        "    print('\\nseen', *ours)\n"
    )
    project.write("conftest.py", seen)
    project.write("helpers.py", "import valkey\ndef add(one, other):\n    return one + other\n")
    project.write("test_one.py", tests)
    more = ("-p", "anyio.pytest_plugin") if "anyio" in tests else ()
    said = project.run("--loopcheck", "-q", *more).stdout
    assert " passed" in said
    [modules] = [line.split()[1:] for line in said.splitlines() if line.startswith("seen")]
    assert "loopcheck.plugin.hooks" in modules
    rooms = (
        *("loopcheck.records", "loopcheck.modes", "loopcheck.report", "loopcheck.case.failure"),
        *("loopcheck.source.parsed_files", "loopcheck.plugin.explained"),
    )
    assert not [name for name in modules if name.startswith(rooms)]


def test_no_line_of_ours_stands_in_what_pytest_shows(project: Project) -> None:
    project.write(
        "conftest.py",
        "import pytest\n"
        "@pytest.fixture(scope='module')\ndef wide():\n    return 1\n"
        "@pytest.fixture\ndef one(wide):\n    try:\n        raise KeyError('a')\n"
        "    except KeyError as error:\n        raise ValueError('b') from error\n",
    )
    project.write("test_it.py", "def test_one(one):\n    pass\n")
    said = project.run("--loopcheck", "--loopcheck-hang=60").stdout
    assert "1 error" in said
    assert "loopcheck/plugin" not in said


def test_what_a_conftest_does_with_the_collected_tests_is_no_tests_fault(project: Project) -> None:
    fills = "for one in session.items: one.module.PRICES['tea'] = 3"
    project.write("conftest.py", f"def pytest_collection_finish(session):\n    {fills}\n")
    project.write(
        "test_it.py",
        "PRICES = {}\n"
        "def test_one():\n    assert PRICES == {'tea': 3}\n"
        "def test_two():\n    assert PRICES == {}\n",
    )
    done = project.run("--loopcheck")
    assert "1 failed, 1 passed" in done.stdout
    assert "LC" not in done.stdout
