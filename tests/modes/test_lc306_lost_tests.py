"""LC306: it says which test is lost, to whom, and what to change."""

from dataclasses import replace

import pytest

from loopcheck.modes.finding import Finding
from loopcheck.modes.fixtures.lc306_lost_tests import detect
from loopcheck.records import Evidence, LostTests, Place

LINE, LATER = Place("tests/test_shop.py", 7), Place("tests/test_shop.py", 12)
TWIN = LostTests(how="twin", name="test_sum", place=LINE, twin=LATER)
CLASS = replace(TWIN, how="constructor", name="TestShop", tests=("test_a", "test_b"), twin=None)


def found(lost: LostTests) -> Finding:
    [one] = detect(Evidence(lost_tests=(lost,)))
    return one


def test_a_twin_is_named_with_the_one_that_took_its_place() -> None:
    said = found(TWIN)
    assert (said.certainty, said.where, said.used_at) == ("certain", LINE, LATER)
    assert (said.phase, said.test) == ("collect", None)
    assert said.what == (
        "`test_sum` at tests/test_shop.py:7 never runs because another `test_sum` at"
        " tests/test_shop.py:12 replaces it."
    )


def test_a_method_is_named_with_its_class() -> None:
    assert found(replace(TWIN, inside="TestShop")).what.startswith("`TestShop.test_sum` at")


def test_a_constructor_is_named_with_its_line() -> None:
    said = found(replace(CLASS, constructor=Place("tests/test_shop.py", 8, "__init__")))
    assert "`test_a`, `test_b` in `TestShop` never run" in said.what
    assert "has `__init__` (tests/test_shop.py:8)" in said.what
    assert said.fix.startswith("Remove `__init__`, and")


def test_a_constructor_that_nobody_wrote_is_its_decorators() -> None:
    said = found(replace(CLASS, constructor=Place("<string>", 1, "__init__")))
    assert "`__init__`, which its decorator creates" in said.what
    assert said.fix.startswith("Remove the decorator")


MISNAMED = replace(CLASS, how="class name", patterns=("Test", "*Checks"))
FILE = replace(CLASS, how="file name", patterns=("test_*.py", "*_test.py"))


@pytest.mark.parametrize(
    ("lost", "words"),
    [
        (MISNAMED, "classes named `Test*` or `*Checks`"),
        (FILE, "files named `test_*.py` or `*_test.py`"),
    ],
    ids=["class", "file"],
)
def test_names_that_do_not_fit_are_told_which_would(lost: LostTests, words: str) -> None:
    said = found(lost)
    assert said.certainty == "likely"
    assert words in said.why


def test_an_inner_function_is_named_with_the_one_around_it() -> None:
    said = found(replace(TWIN, how="nested", inside="test_shop", twin=None))
    assert said.certainty == "likely"
    assert "inside `test_shop`" in said.what


def test_where_nothing_is_lost_nothing_is_said() -> None:
    assert not list(detect(Evidence()))
