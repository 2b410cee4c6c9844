"""Tasks that tests on wider loops leave: whose they are, and who is held to account."""

from pathlib import Path
from typing import Any

import pytest
from test_plugin import PLUGINS, Project

STARTER = """
import asyncio

class Poller:
    def start(self):
        self.polling = asyncio.create_task(self.poll())

    async def poll(self):
        while True:
            await asyncio.sleep(0.01)
"""
POLLS = """
import asyncio
import pytest
from starter import Poller

pytestmark = pytest.mark.asyncio(loop_scope="package")

async def test_polls():
    Poller().start()
    await asyncio.sleep(0)
"""
INNOCENT = """
import pytest

@pytest.mark.asyncio(loop_scope="package")
async def test_innocent():
    pass
"""
LAZY = """
import asyncio
import pytest
import pytest_asyncio

pytestmark = pytest.mark.asyncio(loop_scope="module")

class Bus:
    def __init__(self):
        self.events, self.reader = asyncio.Queue(), None

    def publish(self, event):
        if self.reader is None:
            self.reader = asyncio.create_task(self.read())
        self.events.put_nowait(event)

    async def read(self):
        while True:
            print((await self.events.get())["name"])

@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def bus():
    return Bus()

async def test_publish(bus):
    bus.publish({"name": "a"})
    await asyncio.sleep(0)

async def test_publish_badly(bus):
    bus.publish({})
    await asyncio.sleep(0)
"""
COUNTS_HOOKS = """
def pytest_sessionfinish(session):
    print("followed", session.config.pluginmanager.hasplugin("loopcheck-follower"))
"""
FUNCTION_LOOP = """
import pytest

@pytest.mark.asyncio
async def test_it():
    pass
"""


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path)


def packages(project: Project) -> None:
    project.write("starter.py", STARTER)
    project.write("conftest.py", "")
    project.write("shop/__init__.py", "")
    project.write("shop/test_a.py", POLLS)
    project.write("shop/test_b.py", INNOCENT)


def found(project: Project) -> list[tuple[str, Any, Any]]:
    return [
        (one["code"], one.get("test"), one.get("where", {}).get("line"))
        for one in project.report()["findings"]
    ]


def test_the_test_that_left_a_task_is_named_not_the_last_one(project: Project) -> None:
    packages(project)
    project.run("--loopcheck", "--loopcheck-json=report.json")
    assert found(project) == [("LC201", "shop/test_a.py::test_polls", 6)]


def test_a_worker_knows_what_its_tests_left(project: Project) -> None:
    packages(project)
    options = ("-n", "2", "--dist", "loadfile", "--loopcheck", "--loopcheck-json=report.json")
    project.run(*options, plugins=(*PLUGINS, "-p", "xdist.plugin"))
    assert found(project) == [("LC201", "shop/test_a.py::test_polls", 6)]


def test_a_failed_task_of_a_wider_fixture_is_no_leak(project: Project) -> None:
    project.write("test_bus.py", LAZY)
    project.run("--loopcheck", "--loopcheck-json=report.json")
    assert [code for code, *_ in found(project)] == ["LC205"]


@pytest.mark.parametrize(("text", "followed"), [(FUNCTION_LOOP, False), (LAZY, True)])
def test_only_wider_loops_are_followed(project: Project, text: str, followed: bool) -> None:
    project.write("conftest.py", COUNTS_HOOKS)
    project.write("test_it.py", text)
    assert f"followed {followed}" in project.run("--loopcheck", "-s").stdout
