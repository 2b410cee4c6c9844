"""Tasks of asyncio's Python class, as task factories and nest-asyncio make them."""

import pytest
from test_plugin import Project, project

__all__ = ["project"]

FACTORY = """
import asyncio
import pytest

KEPT = []

class Own(asyncio.tasks._PyTask):
    pass

async def begin(coro):
    made = lambda loop, coro, **more: Own(coro, loop=loop, **more)
    asyncio.get_running_loop().set_task_factory(made)
    task = asyncio.create_task(coro)
    await asyncio.sleep(0)
    return task

async def rest():
    await asyncio.Event().wait()

"""
LEFT = """
@pytest.mark.asyncio
async def test_leaves_one():
    KEPT.append(await begin(rest()))
"""
WAITS = """
@pytest.mark.asyncio
async def test_waits():
    await (await begin(rest()))
"""
SPINS = """
async def spin():
    try:
        await rest()
    except asyncio.CancelledError:
        while True:
            pass

@pytest.mark.asyncio
async def test_spins():
    task = await begin(spin())
    task.cancel()
    await task
"""
LOST = """
async def fail():
    raise ValueError("lost")

@pytest.mark.asyncio
async def test_loses_an_error():
    await begin(fail())
    await asyncio.sleep(0)
"""


@pytest.mark.parametrize(
    ("test", "code"), [(LEFT, "LC201"), (WAITS, "LC203"), (SPINS, "LC207"), (LOST, "LC205")]
)
def test_they_are_read_like_those_in_c(project: Project, test: str, code: str) -> None:
    project.write("test_it.py", FACTORY + test)
    said = project.run("--loopcheck", "--loopcheck-hang=2", "--loopcheck-json=report.json").stdout
    assert [one["code"] for one in project.report()["findings"]] == [code]
    assert "please report it" not in said
