"""LC507 wrapper-not-client: the solution of the exercise, why it works, and one other good way.

What was wrong: the fixture is called `projector` and yielded a booth. A booth has a projector but
is not one, so its first command failed.

What changed: the second diff. The fixture awaits the booth's answer and yields the projector
itself. The first diff forwards each name, which silences the error and leaves the cause: Python
looks up `async with` in the class, and also `for`, `len` and every other method with two
underscores. The new test does what the cinema does, an evening, and is red with the first diff.

Another good way: check it once, where it is created. In the fixture `projector = await
Booth().projector()`, then `assert isinstance(projector, Projector)`, then the `yield`. A wrapper
fails there, in one line with both names, and not at some command of some test.
"""

import pytest
import pytest_asyncio
from cinema import Booth, evening

pytestmark = pytest.mark.asyncio


@pytest_asyncio.fixture
async def projector():
    yield await Booth().projector()


async def test_a_film_is_shown(projector):
    await projector.show("Metropolis")
    assert projector.films == ["Metropolis"]


async def test_an_evening_has_two_films(projector):
    await evening(projector, "Nosferatu", "Faust")
    assert projector.films == ["Nosferatu", "Faust"]
    assert not projector.lit
