"""Fixtures of many projects: set up here in the order, with the values and loops that pytest has.

Each folder of `conftests/` is a project; its pytest.ini says what to ask for, and from where.
"""

import asyncio
import json
import os
import re
import shutil
import sys
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import warm

from loopcheck.labels import Labels
from loopcheck.magics.fixtures import fixture_table
from loopcheck.magics.fixtures.fixtures_live import LiveFixtures
from loopcheck.magics.fixtures.held_pytest import HeldPytest, Origin
from loopcheck.runner import fixtures

CONFTESTS = Path(__file__).parent / "conftests"
PROJECTS = sorted(one.name for one in CONFTESTS.iterdir() if (one / "pytest.ini").is_file())
SHOWN = re.compile(r"^ *(SETUP|TEARDOWN) +\S (\w+)", re.MULTILINE)
PLUMBING = re.compile(r"_\w+_scoped_runner|_asyncio_loop_factory|event_loop_policy")
DESCRIBE = """
def described(value):
    if isinstance(value, (str, bytes, int, float, type(None))):
        return repr(value)
    if isinstance(value, dict):
        return {str(key): described(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [type(value).__name__, *map(described, value)]
    return type(value).__qualname__
"""
# A plugin that writes down on which loop pytest-asyncio really ran each fixture, and the value.
WITNESS = f"""
import asyncio, json, pytest, sys
{DESCRIBE}
loops, asking, run = {{}}, [], asyncio.Runner.run
def noted(self, *args, **kwargs):
    if asking and sys._getframe(1).f_globals["__name__"] != "asyncio.runners":
        loops.setdefault(id(self), []).append(asking[-1])
    return run(self, *args, **kwargs)
asyncio.Runner.run = noted
@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_fixture_setup(fixturedef):
    asking.append(fixturedef.argname)
    try:
        return (yield)
    finally:
        asking.pop()
def pytest_collection_modifyitems(items):
    items[1:] = []
def pytest_runtest_call(item):
    name = item.originalname.removeprefix("test_")
    seen = {{"value": described(item.funcargs[name]), "loops": list(loops.values())}}
    with open("seen.json", "w") as out:
        json.dump(seen, out)
"""
space: dict[str, Any] = {}
exec(DESCRIBE, space)
described = space["described"]


@dataclass(frozen=True)
class Run:
    """What came of one fixture."""

    up: list[str]
    down: list[str]
    value: object
    loops: set[frozenset[str]]


def asked(project: str) -> tuple[str, str | None, str]:
    """Return the name, its parameter, and the folder of the test."""
    ini = (CONFTESTS / project / "pytest.ini").read_text()
    said = dict(re.findall(r"^# (ask|from): (.*)$", ini, re.MULTILINE))
    name, _, param = said["ask"].partition("[")
    return name, param.rstrip("]") or None, said["from"]


def by_pytest(project: str, folder: Path) -> Run:
    """Run a test that asks for the fixture, and read `--setup-show`."""
    name, param, where = asked(project)
    shutil.copytree(CONFTESTS / project, folder / project)
    root = folder / project
    (root / where / "test_it.py").write_text(f"def test_{name}({name}): pass\n")
    (root / "witness.py").write_text(WITNESS)
    plugins = ("-p", "pytest_asyncio.plugin", "-p", "witness", "-p", "no:cacheprovider")
    test = f"{where}/test_it.py::test_{name}" + (f"[{param}]" if param else "")
    chosen = test if param else f"{where}/test_it.py"
    command = (sys.executable, "-m", "pytest", "-x", "--maxfail=1", "--setup-show", *plugins)
    env = os.environ | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    done = warm.run((*command, chosen), root, env)
    assert "passed" in done.stdout, done.stdout + done.stderr
    steps = [step for step in SHOWN.findall(done.stdout) if not PLUMBING.fullmatch(step[1])]
    seen = json.loads((root / "seen.json").read_text())
    return Run(
        up=[one for what, one in steps if what == "SETUP"],
        down=[one for what, one in steps if what == "TEARDOWN"],
        value=seen["value"],
        loops={frozenset(names) for names in seen["loops"]},
    )


async def up_and_down(project: str) -> Run:
    """Bring the fixture up here, and tear it down."""
    name, param, where = asked(project)
    held = HeldPytest(Origin((CONFTESTS / project / where).resolve(), project))
    await asyncio.wrap_future(held.start())
    live = LiveFixtures(held, asyncio.get_running_loop())

    async def ask(act: Any) -> Any:
        return await asyncio.wait_for(asyncio.wrap_future(held.ask(act)), 20)

    try:
        labels = Labels(str(CONFTESTS))
        table = await ask(lambda: fixture_table.read(held.place, labels))
        got = await ask(partial(live.up, name, param, {}))
        value = described(got.value)
        down = await ask(live.down_all)
    finally:
        await asyncio.wrap_future(held.end())
    assert not down.errors
    assert not any(table.found.values()), table.found
    scopes: dict[str, set[str]] = {}
    for one in got.begun:
        record = fixtures.read_one(one, held.place, labels)
        if record.loop_scope and record.asynchronous:
            scopes.setdefault(record.loop_scope, set()).add(record.name)
    return Run(
        up=[one.argname for one in got.begun],
        down=down.torn,
        value=value,
        loops={frozenset(names) for names in scopes.values()},
    )


@pytest.fixture(scope="module")
def truths(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, "Future[Run]"]]:
    """Return what pytest itself does with each, two at a time."""
    folder = tmp_path_factory.mktemp("projects")
    with ThreadPoolExecutor(2) as pool:
        yield {one: pool.submit(by_pytest, one, folder) for one in PROJECTS}


def test_there_are_thirty_projects() -> None:
    assert len(PROJECTS) >= 30


@pytest.mark.parametrize("project", PROJECTS)
def test_a_fixture_comes_up_as_in_pytest(project: str, truths: dict[str, "Future[Run]"]) -> None:
    path, modules = list(sys.path), set(sys.modules)
    here, there = asyncio.run(up_and_down(project)), truths[project].result(120)
    assert here.up == there.up
    assert here.down == there.down
    assert here.value == there.value
    assert here.loops == there.loops
    assert sys.path == path
    assert not [one for one in set(sys.modules) - modules if one.endswith("conftest")]
