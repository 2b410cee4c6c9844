"""All modes run; the surest finding comes first; one fault is one finding."""

from dataclasses import replace

from loopcheck.modes import catalogue
from loopcheck.modes.diagnose import merged, ranked
from loopcheck.modes.finding import Finding
from loopcheck.records import Place, Subject

ONE = Finding(
    code="LC102",
    slug="loop-mismatch",
    certainty="certain",
    what="`jobs` …",
    why="…",
    fix="…",
    subject=Subject(name="jobs", type="asyncio.queues.Queue"),
    where=Place("conftest.py", 12),
    test="test_a.py::test_one",
)


def test_what_is_certain_comes_before_what_is_likely() -> None:
    likely = replace(ONE, certainty="likely")
    assert ranked([likely, ONE]) == (ONE, likely)


def test_the_same_fault_in_three_tests_is_one_finding_with_a_count() -> None:
    tests = [f"test_a.py::test_{name}" for name in ("one", "two", "three")]
    [found] = merged(replace(ONE, test=test) for test in tests)
    assert (found.count, found.test, found.also) == (3, tests[0], tuple(tests[1:]))


def test_two_lines_are_two_faults() -> None:
    assert len(merged([ONE, replace(ONE, where=Place("conftest.py", 13))])) == 2


def test_a_mode_is_found_by_code_slug_and_stem() -> None:
    asked = ("LC102", "lc102", "loop-mismatch", "loop_mismatch", "lc102_loop_mismatch")
    assert {mode.code for text in asked if (mode := catalogue.find(text))} == {"LC102"}
    assert catalogue.find("LC999") is None


def test_each_mode_has_its_code_its_slug_and_a_page() -> None:
    for mode in catalogue.modes():
        module = __import__(mode.module, fromlist=["CODE"])
        assert (mode.code, mode.slug) == (module.CODE, module.SLUG)
        page = catalogue.page(mode)
        assert page.startswith(f"{mode.code} {mode.slug}: ")
        assert all(f"\n{word}:" in page for word in ("What", "Why", "Fix"))
