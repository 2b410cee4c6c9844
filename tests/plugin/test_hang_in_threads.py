"""A loop that waits for a thread at its end: the thread's job is named, and the run continues."""

from pathlib import Path

import pytest
from test_plugin import Project

TEXT = """\
import asyncio
import threading
import time
import pytest

LEFT = threading.Event()

def job():
    {job}

@pytest.mark.asyncio
async def test_leaves_a_job():
    asyncio.get_running_loop().run_in_executor(None, job)

def test_next():
    LEFT.set()
"""


@pytest.mark.parametrize(
    ("job", "certainty"), [("LEFT.wait()", "certain"), ("LEFT.wait(600)", "likely")]
)
def test_a_job_that_keeps_a_loop_from_its_end_is_named_and_the_run_goes_on(
    tmp_path: Path, job: str, certainty: str
) -> None:
    project = Project(tmp_path)
    project.write("test_it.py", TEXT.format(job=job))
    said = project.run("--loopcheck-hang=0.4", "--loopcheck-json=report.json").stdout
    assert "2 passed, 1 error" in said
    assert "shutdown_default_executor` waits for `job`, which runs in a thread." in said
    [found] = project.report()["findings"]
    assert (found["code"], found["certainty"], found["where"]["line"]) == ("LC203", certainty, 9)
    assert "waits for `job`, which runs in a thread" in found["what"]
    assert "The thread `asyncio_0` is blocked at test_it.py:9 in `LEFT.wait`" in found["why"]


BARE = """\
import asyncio

def answer(loop):
    return loop.run_until_complete(loop.create_future())

def test_runs_for_a_future():
    loop = asyncio.new_event_loop()
    try:
        answer(loop)
    finally:
        loop.close()
"""


NESTED = """\
import asyncio
import nest_asyncio
import pytest
def answer(loop): return loop.run_until_complete(loop.create_future())

@pytest.mark.asyncio
async def test_runs_the_loop_again():
    nest_asyncio.apply(asyncio.get_running_loop())
    answer(asyncio.get_running_loop())
"""


@pytest.mark.parametrize("text", [BARE, NESTED])
def test_a_loop_that_runs_for_a_future_of_no_task_is_explained(tmp_path: Path, text: str) -> None:
    project = Project(tmp_path)
    project.write("test_it.py", text)
    project.run("--loopcheck-hang=0.3", "--loopcheck-json=report.json")
    [found] = project.report()["findings"]
    assert (found["code"], found["certainty"], found["where"]["line"]) == ("LC203", "likely", 4)
    assert found["what"] == (
        "`answer` runs the loop at test_it.py:4 for a future, which never arrives."
    )
