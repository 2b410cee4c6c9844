"""The bugs that are planted: in the code under test first, and never in what a test asserts."""

import pytest

from plant_bugs import bugs

SAMPLE = """
import pytest

class Till:
    def __init__(self):
        self.cents = 0

    async def add(self, cents):
        self.cents += cents
        return self.cents

@pytest.fixture
def till():
    return Till()

async def test_adds(till):
    await till.add(5)
    assert await till.add(7) == 12
"""


def test_the_code_under_test_has_bugs_before_its_data() -> None:
    assert [(one.line, one.bug) for one in bugs({"test_a.py": SAMPLE})] == [
        ("self.cents = 0", "self.cents = None"),
        ("self.cents += cents", "pass"),
        ("return self.cents", "return None"),
        ("await till.add(5)", "await till.add(6)"),
    ]


@pytest.mark.parametrize("line", ["pytest.fail('no')", "assert seen == ['tea']"])
def test_a_check_stays(line: str) -> None:
    assert not list(bugs({"test_a.py": f"async def test_a():\n    {line}\n"}))
