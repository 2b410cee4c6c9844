"""The exercise of LC305: a harbour, and six questions about where pytest finds a fixture.

The lesson shows one conftest.py out of reach. Here there is nothing to mend: a learner who knows
the lookup rules can answer before anything runs. The tests ask pytest, and compare.
"""

from loopcheck.lab.exercise import Exercise, WrongTurn
from loopcheck.lab.requirements import (
    ANY_ORDER,
    EVERY_TEST_PASSES,
    NOTHING_LEFT,
    all_there,
    notices,
)

ROOT = """\
import pytest


@pytest.fixture
def crew():
    return "conftest.py"


@pytest.fixture
async def tide():
    return "conftest.py"


def pilot():
    return "conftest.py"
"""

QUAY = """\
import pytest
import pytest_asyncio


@pytest.fixture
def crew():
    return "quay/conftest.py"


@pytest_asyncio.fixture
async def crane():
    return "quay/conftest.py"
"""

TEST_QUAY = """\
import pytest
from harbour import check


def test_crew_of_the_quay(request):
    check(request, "quay asks for crew")


def test_buoy_of_the_quay(request):
    check(request, "quay asks for buoy")


class TestStorm:
    @pytest.fixture
    def buoy(self):
        return "quay/test_quay.py"

    def test_the_buoy_is_out(self, buoy):
        assert buoy
"""

TEST_DOCK = """\
from harbour import check


def test_crew_of_the_dock(request):
    check(request, "dock asks for crew")


def test_crane_of_the_dock(request):
    check(request, "dock asks for crane")


def test_pilot_of_the_dock(request):
    check(request, "dock asks for pilot")


def test_tide_of_the_dock(request):
    check(request, "dock asks for tide")
"""

HARBOUR = '''\
"""Asks pytest for a fixture, from where the test stands, and compares with what you say."""

import pytest
from diagnosis import answers


def check(request, question):
    name = question.split()[-1]
    try:
        found = request.getfixturevalue(name)  # each returns the file that it is in
    except pytest.FixtureLookupError:
        found = "nowhere"
    except pytest.fail.Exception:  # found, and async, and nobody runs it
        found = "not run"
    if answers[question] != found:
        pytest.fail(f"{question}: it is not {answers[question]!r}")
'''

SKELETON = """\
# Say a file, as "quay/conftest.py", or "nowhere", or "not run".
answers = {
    "quay asks for crew": "?",
    "quay asks for buoy": "?",
    "dock asks for crew": "?",
    "dock asks for crane": "?",
    "dock asks for pilot": "?",
    "dock asks for tide": "?",
}
"""

WRONG_TURNS = (
    WrongTurn(
        name="a sister folder",
        did=lambda seen: seen.failed_with(
            "crane: it is not 'quay", "dock asks for crew: it is not 'q"
        ),
        answer="A conftest.py applies to its own folder and the folders below it. The quay and "
        "the dock are side by side: neither sees the fixtures of the other.",
    ),
    WrongTurn(
        name="the outermost wins",
        did=lambda seen: seen.failed_with("quay asks for crew: it is not 'conftest.py'"),
        answer="Both are in reach there, and the nearest wins: pytest looks in the class, the "
        "file, the conftest.py of the folder, and then in the folders above.",
    ),
    WrongTurn(
        name="a class is a file",
        did=lambda seen: seen.failed_with("buoy: it is not 'quay"),
        answer="It is in the same file, but inside a class: only the methods of that class find "
        "it there.",
    ),
    WrongTurn(
        name="any function is a fixture",
        did=lambda seen: seen.failed_with("pilot: it is not 'conftest.py'"),
        answer="It is in the right file, and has no decorator. For pytest it is a plain function.",
    ),
    WrongTurn(
        name="found is not run",
        did=lambda seen: seen.failed_with(
            "tide: it is not 'conftest.py'", "tide: it is not 'nowhere'"
        ),
        answer="It is in reach, and has a decorator: pytest finds it. But it is async, and the "
        "decorator is pytest's own, so no plugin runs it. That is LC301, the neighbour.",
    ),
)

EXERCISE = Exercise(
    stem="lc305_fixture_not_found",
    kind="diagnose only",
    task="For each of the six questions, answer where pytest finds the fixture, so that every "
    "test passes.",
    edits="diagnosis.py",
    skeleton=SKELETON,
    frozen={
        "conftest.py": ROOT,
        "dock/test_dock.py": TEST_DOCK,
        "quay/conftest.py": QUAY,
        "quay/test_quay.py": TEST_QUAY,
        "harbour.py": HARBOUR,
    },
    requirements=(
        all_there(7),
        EVERY_TEST_PASSES,
        NOTHING_LEFT,
        ANY_ORDER,
        notices(
            "a fixture that lost its decorator",
            "conftest.py",
            "@pytest.fixture\ndef crew",
            "def crew",
        ),
    ),
    wrong_turns=WRONG_TURNS,
    hints=(
        "Look at the folder that a test is in, then at each definition of the name that it "
        "requests.",
        "Go upwards from the test: its class, its file, the conftest.py of its folder, the one of "
        "the folder above. The first fixture of that name is the answer, if there is one on the "
        "way.",
        "A function without a decorator does not count, and one name has none. One name is an "
        "async fixture with pytest's own decorator: pytest finds it, and does not run it. So of "
        'the four questions of the dock the answers are one file, two times "nowhere", and … "not '
        'run".',
    ),
    learned="You can tell where a fixture is in reach, before anything runs.",
)
