"""A bug that the tests did not notice is shown as a diff of a few lines."""

import pytest

from loopcheck.lab import exercises, planted_bugs, verdicts
from loopcheck.lab.exercises.lc202_never_awaited import SKELETON
from loopcheck.lab.grading import grade

SHOP = """\
class Shop:
    def sell(self, name):
        if name in self.kept:
            raise Refused(name)

        self.sold.append(name)
        return name
"""
FILES = {"shop.py": SHOP}


def test_a_line_goes_and_another_one_comes() -> None:
    told = planted_bugs.diff(FILES, [("shop.py", "self.sold.append(name)", "pass")])
    assert told == ("- self.sold.append(name)", "+ pass")


def test_a_line_that_only_comes_or_goes_has_the_line_above_it() -> None:
    gone = planted_bugs.diff(FILES, [("shop.py", "        self.sold.append(name)\n", "")])
    assert gone == ("      raise Refused(name)", "- self.sold.append(name)")
    append = "self.sold.append(name)"
    come = planted_bugs.diff(FILES, [("shop.py", append, f"{append}\n        {append}")])
    assert come == (f"  {append}", f"+ {append}")


def test_of_a_long_change_the_first_lines_are_shown() -> None:
    long = "\n".join(f"        self.sold.append({number})" for number in range(9)).lstrip()
    told = planted_bugs.diff(FILES, [("shop.py", "self.sold.append(name)", long)])
    assert told[1:] == ("+ self.sold.append(0)", "+ self.sold.append(1)", "+ … 7 lines more")


def test_lines_that_only_watch_the_answer_are_not_shown() -> None:
    watched = "print('sold')  # not shown\n        pass"
    told = planted_bugs.diff(FILES, [("shop.py", "self.sold.append(name)", watched)])
    assert told == ("- self.sold.append(name)", "+ pass")


def test_a_line_whose_place_only_a_watching_line_takes_has_the_line_above_it() -> None:
    watched = "        print('sold')  # not shown\n"
    told = planted_bugs.diff(FILES, [("shop.py", "        self.sold.append(name)\n", watched)])
    assert told == ("      raise Refused(name)", "- self.sold.append(name)")


@pytest.mark.usefixtures("warm")
def test_a_verdict_shows_the_bug_and_what_stands_beside_it_needs_no_colour() -> None:
    told: list[str] = []
    grade(
        exercises.load("lc202_never_awaited"),
        SKELETON,
        lambda one: told.append(verdicts.requirement(one)),
    )
    assert told[4].splitlines() == [
        "✗ the tests notice a lock that does not turn: not yet",
        "    with this change in museum.py, every test still passed:",
        "      - self.locked.add(door)",
        "      + pass",
    ]


@pytest.mark.parametrize("stem", exercises.stems())
def test_each_bug_of_an_exercise_can_be_shown(stem: str) -> None:
    exercise = exercises.load(stem)
    bugs = [one for one in exercise.requirements if one.catches and one.run.planted]
    for one in bugs:
        lines = planted_bugs.diff(exercise.frozen, one.run.planted)
        assert {line[0] for line in lines} & {"+", "-"}
        assert len(lines) <= 8, one.name
