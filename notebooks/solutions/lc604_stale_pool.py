"""LC604 stale-pool: the solution of the exercise, why it works, and one other good way.

What was wrong: `sky` was created once, for all tests. Its lines belong to the loop of the test that
opened them, and that loop is closed when the next test begins. The first cure dropped the lines
without closing them: the observatory still had them. The second asked again after any RuntimeError,
also after one that had nothing to do with loops.

What changed: a fixture of the test creates the pool and closes it, while its loop still runs.
Nothing outlives its loop, so neither cure is needed.

Another good way: one pool for all tests, and one loop for all tests:
`pytest.mark.asyncio(loop_scope="module")` and a fixture with `scope="module"` and
`loop_scope="module"`. It opens the lines once. Or keep the global, and close it after each test:
the pool does not keep closed lines.
"""

import asyncio

import pytest
import pytest_asyncio
from lines import Lines

pytestmark = pytest.mark.asyncio


@pytest_asyncio.fixture
async def sky():
    lines = Lines()
    yield lines
    await lines.close()


async def test_sirius_is_bright(sky):
    assert await sky.ask("Sirius") < 0


async def test_polaris_is_not(sky):
    assert await sky.ask("Polaris") > 1


async def test_two_at_once(sky):
    sirius, vega = await asyncio.gather(sky.ask("Sirius"), sky.ask("Vega"))
    assert sirius < vega
