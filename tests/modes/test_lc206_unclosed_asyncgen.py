"""LC206: it names the line that left a generator with something to clean up, and no other."""

from dataclasses import replace

from loopcheck.modes.tasks.lc206_unclosed_asyncgen import SUPERSEDES, detect
from loopcheck.records import Evidence, LeftGenerator, Place, TestRecord

LEFT = Place("shop/db.py", 21, "first")
ROWS = LeftGenerator(
    name="Pool.rows",
    place=Place("shop/db.py", 9, "rows"),
    how="collected",
    cleans_up=True,
    cut_short=True,
    left_at=LEFT,
    by="return",
)
TEST = TestRecord(nodeid="test_db.py::test_first", name="test_first", phase="call")


def test_the_generator_its_yield_and_who_left_it_are_named() -> None:
    [found] = detect(Evidence(test=TEST, generators=(ROWS,)))
    assert found.what == (
        "The async generator `Pool.rows` stayed at its `yield` (shop/db.py:9) when the"
        " `return` left the `async for` at shop/db.py:21."
    )
    assert (found.where, found.used_at, found.certainty) == (LEFT, ROWS.place, "certain")
    assert "contextlib.aclosing(rows(…))" in found.fix


def test_a_clean_up_that_came_late_is_likely_to_matter() -> None:
    [found] = detect(Evidence(generators=(replace(ROWS, cut_short=False),)))
    assert found.certainty == "likely"
    assert found.why.endswith("Its clean-up ran later, in another task.")


def test_one_that_was_left_with_the_one_around_it_is_fixed_in_both() -> None:
    [found] = detect(Evidence(generators=(replace(ROWS, through="decoded"),)))
    assert "over `decoded` at shop/db.py:21" in found.what
    assert "aclosing(decoded(…))" in found.fix
    assert found.fix.endswith("do the same in `decoded`.")


def test_steps_by_hand_ask_for_a_close() -> None:
    [found] = detect(Evidence(generators=(replace(ROWS, by="anext"),)))
    assert "after a single step, and nothing closed it" in found.what
    assert "`await` its `aclose()`" in found.fix


def test_a_failure_is_explained_only_by_what_it_asks_for() -> None:
    assert not list(detect(Evidence(generators=(ROWS,), failed=True)))
    [found] = detect(Evidence(generators=(replace(ROWS, asserted=True),), failed=True))
    assert (found.certainty, "LC208" in SUPERSEDES) == ("likely", True)


def test_what_holds_nothing_or_is_a_librarys_or_was_left_by_nobody_is_left_alone() -> None:
    for harmless in (
        replace(ROWS, cleans_up=False),
        replace(ROWS, owner="library"),
        replace(ROWS, left_at=None, by=None),
    ):
        assert not list(detect(Evidence(generators=(harmless,))))
