"""LC304 unknown-config: the solution of the exercise, why it works, and one other good way.

What was wrong: nothing that a run could show. The mark gave each test what the settings should
give, so the settings could get lost: by a misspelt name, a section of another file, a second file
that pytest prefers. The next test, written without a mark, would have failed.

What changed: one test reads from pytest itself which values are in use. It doesn't matter where
they come from, or why one is missing: a setting that no file sets has its default, `strict` and
`function`.

Another good way: let the tests need the settings. Remove the mark; then they fail in strict mode
("async def functions are not natively supported"). And let two tests note their running loop and
compare. In a pipeline, `pytest --strict-config` rejects misspelt names, but does not report a file
that pytest ignores.
"""

import pytest
from counter import Counter

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_the_first_number_is_one():
    assert await Counter().draw() == 1


async def test_the_next_number_is_higher():
    counter = Counter()
    assert await counter.draw() < await counter.draw()


async def test_the_settings_are_read(pytestconfig):
    assert pytestconfig.getini("asyncio_mode") == "auto"
    assert pytestconfig.getini("asyncio_default_test_loop_scope") == "module"
