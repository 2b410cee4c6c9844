"""The exercise of LC608: an observatory whose rows are in another thread's transaction.

The lesson has a plain function that Django refuses. Here the code is right and frozen. The fixture
and the plain calls in the tests are at fault, and each hides the other.
"""

from loopcheck.lab.exercise import Exercise, Requirement, Run, WrongTurn
from loopcheck.lab.requirements import (
    ANY_ORDER,
    EACH_CHECKS,
    EVERY_TEST_PASSES,
    NOTHING_LEFT,
    all_there,
    first_not_passed,
    notices,
)

INI = """\
[pytest]
addopts = -p pytest_django.plugin
asyncio_default_fixture_loop_scope = function
DJANGO_SETTINGS_MODULE = settings
"""

SETTINGS = """\
INSTALLED_APPS = ["telescope"]
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": "nights.sqlite3",
        "OPTIONS": {"timeout": 0.2},  # seconds to wait for a lock
        "TEST": {"NAME": "test_nights.sqlite3"},
    }
}
"""

MODELS = """\
from django.db import models


class Night(models.Model):
    name = models.CharField(max_length=20, unique=True)
    hours = models.IntegerField()
"""

BOOKINGS = '''\
"""Hours at the telescope, night by night."""

from telescope.models import Night


async def book(name, hours):
    """Take *hours* of a night, and return how many are left."""
    night = await Night.objects.aget(name=name)
    if night.hours < hours:
        raise ValueError(f"only {night.hours} hours are left")
    night.hours -= hours
    await night.asave()
    return night.hours
'''

SKELETON = """\
import pytest
from telescope.bookings import book
from telescope.models import Night


@pytest.fixture
def monday(db):
    return Night.objects.create(name="Monday", hours=3)


@pytest.mark.asyncio
async def test_a_booking_takes_hours(monday):
    assert await book("Monday", 2) == 1
    assert Night.objects.get(name="Monday").hours == 1


@pytest.mark.asyncio
async def test_nobody_gets_more_than_there_is(monday):
    with pytest.raises(ValueError, match="3 hours"):
        await book("Monday", 4)
    assert Night.objects.get(name="Monday").hours == 3
"""

FILE, ENOUGH, SAVES = "telescope/bookings.py", "night.hours < hours", "await night.asave()"
# Django reads this variable at each query, so a test that sets it can be found out from here.
CHECKED = "import os\n    os.environ.pop('DJANGO_ALLOW_ASYNC_UNSAFE', None)\n    "
STRICT = Run(planted=((FILE, SAVES, f"{CHECKED}{SAVES}"), (FILE, "if night", f"{CHECKED}if night")))

WRONG_TURNS = (
    WrongTurn(
        name="only the answer",
        did=lambda seen: seen.green and "pass" in seen.bugs,
        answer="With a `book` that never saves your tests pass: they look at its answer, or at an "
        "object that was made before. Only the database knows: read the night again after the"
        " booking.",
    ),
    WrongTurn(
        name="rows that stay",
        did=lambda seen: seen.failed_with("UNIQUE constraint failed"),
        answer="The row is committed by another thread's connection, and `db` undoes what the "
        "test's own thread did. So it stays, and meets the next test.",
    ),
    WrongTurn(
        name="the check is off",
        did=lambda seen: (
            any("DJANGO_ALLOW_ASYNC_UNSAFE" in bug for bug in seen.bugs)
            and seen.failed_with("SynchronousOnlyOperation")
        ),
        answer="With `DJANGO_ALLOW_ASYNC_UNSAFE` the query blocks the loop instead. The site "
        "itself runs without that variable.",
    ),
    WrongTurn(
        name="half of it",
        did=lambda seen: not seen.planted and seen.failed_with("SynchronousOnlyOperation"),
        answer="`book` finds the night now. The line after it is a plain query in a coroutine.",
    ),
    WrongTurn(
        name="skipped",
        did=lambda seen: bool({"skipped", "expected to fail"} & {*seen.outcomes.values()}),
        answer="A skipped or xfailed test books nothing. Both can run.",
    ),
)

EXERCISE = Exercise(
    stem="lc608_django_thread",
    kind="mend the test",
    task="Both tests must pass in any order and leave no row behind. A test must fail if `book` "
    "does not save, or lends more hours than are left.",
    edits="test_bookings.py",
    skeleton=SKELETON,
    frozen={
        "pytest.ini": INI,
        "settings.py": SETTINGS,
        "telescope/__init__.py": "",
        "telescope/models.py": MODELS,
        FILE: BOOKINGS,
    },
    requirements=(
        all_there(2),
        EVERY_TEST_PASSES,
        NOTHING_LEFT,
        ANY_ORDER,
        Requirement(name="Django's own check is on", unmet=first_not_passed, run=STRICT),
        notices("a booking that is not saved", FILE, SAVES, "pass"),
        notices("a night with too few hours", FILE, ENOUGH, "night.hours < 0"),
        notices("another error for too few hours", FILE, "ValueError(", "LookupError("),
        EACH_CHECKS,
    ),
    wrong_turns=WRONG_TURNS,
    hints=(
        "Which thread runs the query of `aget`, and in which thread did the fixture open its "
        "transaction?",
        "`aget` uses the connection of another thread, and that sees no row of `db`, which never "
        "commits. The plain `get` in the tests is a second fault.",
        "Let the fixture request another fixture of pytest-django, one that commits: `…_db`. "
        'Each test reads with `(await Night.objects.…(name="Monday")).hours`.',
    ),
    learned="You can tell which thread sends a query, and whether it is inside of the transaction.",
    seconds=5.0,
)
