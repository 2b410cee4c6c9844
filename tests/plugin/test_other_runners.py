"""Without pytest-asyncio: anyio's plugin, loops of a conftest's own, unittest, and nobody."""

import json
import os
import shutil
from pathlib import Path

import anyio
import pytest
from test_plugin import Project

LOOPCHECK = ("-p", "loopcheck.plugin", "-p", "no:cacheprovider")
ANYIO = (*LOOPCHECK, "-p", "anyio.pytest_plugin")
# As pytest-tornado and projects older than pytest-asyncio do it: one loop, or one for each test.
OWN_LOOP = """
import asyncio
import inspect

import pytest

@pytest.fixture(scope="{scope}")
def io_loop():
    loop = asyncio.new_event_loop()
    yield loop
    loop.close()

def pytest_pyfunc_call(pyfuncitem):
    if not inspect.iscoroutinefunction(pyfuncitem.obj):
        return None
    loop = pyfuncitem.funcargs["io_loop"]
    names = pyfuncitem._fixtureinfo.argnames
    given = {{name: pyfuncitem.funcargs[name] for name in names}}
    loop.run_until_complete(asyncio.wait_for(pyfuncitem.obj(**given), 5))
    return True
"""
QUEUE = """
import asyncio
import pytest
{mark}
jobs = asyncio.Queue()

async def take():
    asyncio.get_running_loop().call_soon(jobs.put_nowait, 1)
    return await jobs.get()

async def test_one({loop}):
    assert await take() == 1

async def test_two({loop}):
    assert await take() == 1

async def test_plain({loop}):
    await asyncio.sleep(0)
    assert 1 == 2
"""
GREEN = """
import asyncio
import pytest
{mark}
@pytest.fixture
def lock():
    return asyncio.Lock()

async def test_lock({loop}lock):
    async with lock:
        await asyncio.sleep(0)

async def test_group({loop}lock):
    async with asyncio.TaskGroup() as group:
        group.create_task(lock.acquire())
    lock.release()

async def test_caught({loop}lock):
    with pytest.raises(RuntimeError):
        lock.release()
"""
ASYNCIO = (
    "\n@pytest.fixture\ndef anyio_backend():\n    return '{}'\n\npytestmark = pytest.mark.anyio\n"
)


@pytest.fixture
def project(tmp_path: Path) -> Project:
    made = Project(tmp_path)
    made.write("pytest.ini", "[pytest]\n")
    return made


@pytest.mark.parametrize("scope", ["function", "session"])
def test_a_loop_of_the_conftests_own_is_looked_at(project: Project, scope: str) -> None:
    project.write("conftest.py", OWN_LOOP.format(scope=scope))
    project.write("test_jobs.py", QUEUE.format(mark="", loop="io_loop"))
    project.write("test_green.py", GREEN.format(mark="", loop="io_loop, "))
    ended = project.run("--loopcheck", "--loopcheck-json=report.json", plugins=LOOPCHECK)
    codes = [(one["code"], one["where"]["line"]) for one in project.report()["findings"]]
    assert codes == ([("LC102", 5)] if scope == "function" else [])
    assert f"{2 if scope == 'function' else 1} failed" in ended.stdout
    assert "please report it" not in ended.stdout


def test_a_loop_of_anyio_is_looked_at(project: Project) -> None:
    project.write("test_jobs.py", QUEUE.format(mark=ASYNCIO.format("asyncio"), loop=""))
    project.write("test_green.py", GREEN.format(mark=ASYNCIO.format("asyncio"), loop=""))
    ended = project.run("--loopcheck", "--loopcheck-json=report.json", plugins=ANYIO)
    assert [one["code"] for one in project.report()["findings"]] == ["LC102"]
    assert "2 failed, 4 passed" in ended.stdout
    assert "please report it" not in ended.stdout


def test_trio_is_said_to_be_not_looked_at(project: Project) -> None:
    pytest.importorskip("trio")
    mark = ASYNCIO.format("trio")
    project.write("test_it.py", f"import pytest\n{mark}\nasync def test_it():\n    assert False\n")
    ended = project.run("--loopcheck", "--loopcheck-json=report.json", plugins=ANYIO)
    assert ended.stdout.count("loopcheck did not look at tests on trio") == 1
    assert project.report()["findings"] == []


def test_with_nobody_to_run_them_healthy_tests_get_no_word(project: Project) -> None:
    project.write(
        "test_it.py",
        "import asyncio, unittest\n"
        "def test_run():\n    assert asyncio.run(asyncio.sleep(0, 1)) == 1\n"
        "class Test(unittest.IsolatedAsyncioTestCase):\n"
        "    async def asyncSetUp(self):\n        self.lock = asyncio.Lock()\n"
        "    async def test_lock(self):\n        async with self.lock:\n            pass\n"
        "    async def test_fails(self):\n        self.assertEqual(await asyncio.sleep(0, 1), 2)\n",
    )
    ended = project.run("--loopcheck", "--loopcheck-json=report.json", plugins=LOOPCHECK)
    assert "1 failed, 2 passed" in ended.stdout
    assert project.report()["findings"] == []
    assert "please report it" not in ended.stdout


@pytest.mark.parametrize("runner", ["anyio", "own"])
def test_a_second_run_works_with_other_runners_too(project: Project, runner: str) -> None:
    mark, loop = (ASYNCIO.format("asyncio"), "") if runner == "anyio" else ("", "io_loop")
    if runner == "own":
        project.write("conftest.py", OWN_LOOP.format(scope="function"))
    project.write("test_jobs.py", QUEUE.format(mark=mark, loop=loop))
    plugins = ANYIO if runner == "anyio" else LOOPCHECK
    said = project.run("--loopcheck-again", plugins=plugins).stdout
    assert "2 failed, 1 passed" in said
    assert "2 failed tests ran a second time, with every watch on: 1 failed in the same" in said


def test_a_library_that_is_installed_to_be_edited_is_no_project_of_yours(
    project: Project, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = Path(anyio.__file__).parent
    checkout, site = tmp_path_factory.mktemp("checkout"), tmp_path_factory.mktemp("env")
    shutil.copytree(source, checkout / "src" / "anyio", ignore=shutil.ignore_patterns("*.pyc"))
    record = site / "site-packages" / "anyio-4.dist-info" / "direct_url.json"
    record.parent.mkdir(parents=True)
    record.write_text(json.dumps({"url": checkout.as_uri(), "dir_info": {"editable": True}}))
    places = (checkout / "src", site / "site-packages")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(map(str, places)))
    project.cold = True
    project.write(
        "test_group.py",
        "import anyio\nimport pytest\n"
        "pytestmark = pytest.mark.anyio\n\n"
        "@pytest.fixture(scope='module')\ndef anyio_backend():\n    return 'asyncio'\n\n"
        "@pytest.fixture(scope='module')\nasync def group():\n"
        "    async with anyio.create_task_group() as group:\n        yield group\n\n"
        "async def test_it(group):\n    await anyio.sleep(0)\n"
        f"    assert anyio.__file__.startswith({str(checkout)!r})\n",
    )
    ended = project.run("--loopcheck-fail=all", "--loopcheck-json=report.json", plugins=ANYIO)
    assert "1 passed" in ended.stdout
    assert project.report()["findings"] == []


ANYIOS_OWN = """
import asyncio
import anyio
import pytest

pytestmark = pytest.mark.anyio

@pytest.fixture
def anyio_backend():
    return "asyncio"

@pytest.fixture
async def group():
    yield asyncio.Event()
"""


@pytest.fixture
def anyios_own(project: Project) -> Project:
    """Return a project that is anyio itself: its source is the user's."""
    source = Path(anyio.__file__).parent
    ignored = shutil.ignore_patterns("*.pyc")
    shutil.copytree(source, project.root / "anyio", ignore=ignored)
    project.cold = True
    return project


def test_anyios_runner_leaves_nothing_behind_where_anyio_is_the_project(
    anyios_own: Project,
) -> None:
    anyios_own.write(
        "test_it.py",
        f"{ANYIOS_OWN}async def test_it(group):\n    await anyio.sleep(0)\n"
        f"    assert anyio.__file__.startswith({str(anyios_own.root)!r})\n",
    )
    ended = anyios_own.run("--loopcheck-json=report.json", plugins=ANYIO)
    assert "1 passed" in ended.stdout
    assert anyios_own.report()["findings"] == []


def test_a_hang_in_a_test_of_anyio_is_at_the_tests_line(anyios_own: Project) -> None:
    text = f"{ANYIOS_OWN}async def test_it(group):\n    await group.wait()  # here\n"
    anyios_own.write("test_it.py", text)
    anyios_own.run("--loopcheck-hang=1", "--loopcheck-json=report.json", plugins=ANYIO)
    [found] = anyios_own.report()["findings"]
    assert (found["code"], found["where"]["file"]) == ("LC203", "test_it.py")
    assert "# here" in text.splitlines()[found["where"]["line"] - 1]


def test_a_task_that_a_test_of_anyio_leaves_is_named(anyios_own: Project) -> None:
    text = (
        f"{ANYIOS_OWN}async def test_it(group):\n"
        "    task = asyncio.create_task(group.wait())  # here\n    await anyio.sleep(0)\n"
    )
    anyios_own.write("test_it.py", text)
    anyios_own.run("--loopcheck-json=report.json", plugins=ANYIO)
    [found] = anyios_own.report()["findings"]
    assert found["code"] == "LC201"
    assert "# here" in text.splitlines()[found["where"]["line"] - 1]


def test_a_runner_of_that_name_in_your_code_leaves_its_task(project: Project) -> None:
    project.write(
        "test_it.py",
        ANYIOS_OWN + "class TestRunner:\n    __test__ = False\n"
        "    async def _run_tests_and_fixtures(self):\n        await asyncio.sleep(60)\n\n"
        "async def test_it():\n    runner = TestRunner()\n"
        "    task = asyncio.create_task(runner._run_tests_and_fixtures())\n"
        "    await anyio.sleep(0)\n",
    )
    project.run("--loopcheck-json=report.json", plugins=ANYIO)
    assert [found["code"] for found in project.report()["findings"]] == ["LC201"]


# As pytest-trio says that it is there, and takes the tests that are marked.
PYTEST_TRIO = """
import inspect
import trio

def pytest_configure(config):
    config.addinivalue_line("markers", "trio: run by trio")

def pytest_pyfunc_call(pyfuncitem):
    if pyfuncitem.get_closest_marker("trio") is None:
        return None
    trio.run(pyfuncitem.obj)
    return True
"""
TRIO = """
async def sleep(seconds):
    pass

def run(function):
    try:
        function().send(None)
    except StopIteration:
        pass
"""
ON_TRIO = """
import pytest
import trio

async def test_unmarked():
    await trio.sleep(0)

@pytest.mark.trio
async def test_marked():
    await trio.sleep(0)
"""


@pytest.mark.parametrize(
    ("plugins", "why", "fix"),
    [
        (("-p", "pytest_trio.plugin"), "pytest-trio only runs", "`@pytest.mark.trio`"),
        (
            ("-p", "pytest_trio.plugin", "-p", "pytest_asyncio.plugin"),
            "pytest-trio only runs",
            "`trio_mode = true`",
        ),
        (("-p", "anyio.pytest_plugin"), "anyio's plugin only runs", "`anyio_backend` return"),
        (("-p", "pytest_asyncio.plugin"), "cannot run a test on trio", "Install pytest-trio"),
        ((), "no plugin in this run does", "Install pytest-trio"),
    ],
)
def test_a_test_on_trio_is_not_sent_to_asyncio(
    tmp_path: Path, plugins: tuple[str, ...], why: str, fix: str
) -> None:
    project = Project(tmp_path)
    project.write("pytest.ini", "[pytest]\nmarkers = trio\n")
    project.write("trio.py", TRIO)
    project.write("pytest_trio/__init__.py", "")
    project.write("pytest_trio/plugin.py", PYTEST_TRIO)
    project.write("test_on_trio.py", ON_TRIO)
    options = ("--loopcheck", "--loopcheck-json=report.json", "-k", "unmarked")
    project.cold = True
    project.run(*options, plugins=(*LOOPCHECK, *plugins))
    [found] = project.report()["findings"]
    assert found["code"] == "LC303"
    assert why in found["why"]
    assert fix in found["fix"]
    assert "asyncio" not in found["fix"].replace("asyncio cannot run it", "")
