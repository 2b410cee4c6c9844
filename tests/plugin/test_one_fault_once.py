"""One fault is one finding, with a count: a line that runs nine times has one block."""

from pathlib import Path

import pytest
from test_plugin import Project

HEAD = """
import asyncio
import gc

import pytest

async def job(number):
    await asyncio.sleep(30)

async def fails(number):
    raise KeyError(number)
"""
LOOPS = """
def test_loops():
    gc.disable()  # a loop that is collected while the next one is created may keep that one
    for _ in range(9):
        asyncio.new_event_loop()
    gc.enable()
    gc.collect()
"""
TASKS = """
@pytest.mark.asyncio
async def test_tasks():
    for number in range(9):
        asyncio.create_task(job(number))
    await asyncio.sleep(0)
"""
COROUTINES = """
@pytest.mark.asyncio
async def test_coroutines():
    done = []
    for number in range(9):
        fails(number)
    assert done
"""
ERRORS = """
@pytest.mark.asyncio
async def test_errors():
    done = []
    for number in range(9):
        asyncio.create_task(fails(number))
    await asyncio.sleep(0)
    gc.collect()
    assert done
"""


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path)


@pytest.mark.parametrize(
    ("code", "text", "options"),
    [
        ("LC105", LOOPS, ("-Werror",)),
        ("LC105", LOOPS, ()),
        ("LC201", TASKS, ()),
        ("LC202", COROUTINES, ("-Walways",)),  # Python warns once of a line
        ("LC205", ERRORS, ()),
    ],
)
def test_a_line_that_runs_nine_times_has_one_finding_with_a_count(
    project: Project, code: str, text: str, options: tuple[str, ...]
) -> None:
    project.write("test_nine.py", HEAD + text)
    ran = project.run("--loopcheck", "--loopcheck-json=report.json", *options)
    found = [one for one in project.report()["findings"] if one["code"] == code]
    [count] = [one["count"] for one in found]
    assert count in (8, 9), ran.stdout  # the last loop may be collected when all is over
    lines = ran.stdout.splitlines()
    blocks = [line for line in lines if line.startswith(f"{code} ") and line.endswith(")")]
    assert len(blocks) == ("1 failed" in ran.stdout), ran.stdout
    assert lines.count(f"count    {count} times") == len(blocks), ran.stdout
    assert sum(line.startswith("test_nine.py::") and code in line for line in lines) <= 1


def test_a_coroutine_that_is_freed_in_a_later_test_is_not_counted_for_that_one(
    project: Project,
) -> None:
    project.write(
        "test_later.py",
        HEAD
        + """
class Ledger:
    def __init__(self):
        self.open, self.total = [], 0

    async def book(self, amount):
        self.total += amount

    def book_all(self, *amounts):
        for amount in amounts:
            self.open.append(self.book(amount))

def test_the_total():
    ledger = Ledger()
    ledger.book_all(3, 4)
    assert ledger.total == 7

def test_another():
    gc.collect()  # frees the ledger of the test before
    assert False
""",
    )
    project.run("--loopcheck", "--loopcheck-json=report.json")
    [found] = project.report()["findings"]
    assert (found["code"], found["count"]) == ("LC202", 1)
    assert found["test"].endswith("test_the_total")
    assert not found.get("also")
