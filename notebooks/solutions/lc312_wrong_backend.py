"""LC312 wrong-backend: the solution of the exercise, why it works, another good way.

What was wrong: the orchard is written for trio, and pytest-asyncio ran its tests and its fixture.
A nursery of trio's asks for trio's loop, and there is none.

What changed: three lines choose anyio's plugin, and one fixture chooses trio. The mark `anyio` is
for the tests. The fixture is a plain `@pytest.fixture`, which anyio's plugin runs for tests with
its mark, on the same library as the test. `anyio_backend` names that library: without it, each
test would run on asyncio, too.

Another good way: pytest-trio, if it is installed. The mark is `@pytest.mark.trio`, and its async
fixtures are plain `@pytest.fixture`s as well. Choose it for a project that is on trio only. A
plain test that calls `trio.run(main)` needs no plugin at all, and no async fixture.
"""

import pytest
from orchard import Orchard


@pytest.fixture
def anyio_backend():
    return "trio"


@pytest.fixture
async def orchard():
    orchard = Orchard(trees=3)
    yield orchard
    await orchard.close()


@pytest.mark.anyio
async def test_every_tree_gives_an_apple(orchard):
    assert await orchard.pick() == 3


@pytest.mark.anyio
async def test_each_picker_has_a_tree(orchard):
    await orchard.pick()
    assert sorted(orchard.basket) == [0, 1, 2]
