"""When a run shows that a fault is gone: also where several lines have the same text."""

from pathlib import Path

import pytest

from loopcheck.modes.finding import Finding
from loopcheck.records import Place
from loopcheck.repair import proof
from loopcheck.repair.test_runs import Run


def fault(line: int, source: str = "save(1)", code: str = "LC202") -> Finding:
    return Finding(
        code=code,
        slug="never-awaited",
        certainty="certain",
        what="",
        why="",
        fix="",
        where=Place(file="test_a.py", line=line),
        source=source,
        test=f"test_a.py::t{line}",
    )


def run(*found: Finding) -> Run:
    outcomes = {"test_a.py::t1": "passed"}
    return Run(outcomes=outcomes, errors={}, findings=found, root=Path(), places=(), seconds=1)


ONE, TWO, THREE, OTHER = fault(1), fault(2), fault(3), fault(4, "save(2)")


@pytest.mark.parametrize(
    ("before", "mended", "after", "left"),
    [
        ((ONE,), (ONE,), (), 0),
        ((ONE,), (ONE,), (fault(9),), 1),  # it has moved down
        ((ONE, TWO), (ONE,), (TWO,), 0),
        ((ONE, TWO), (ONE,), (ONE, TWO), 1),
        ((ONE, TWO, THREE), (ONE, THREE), (TWO,), 0),
        ((ONE, TWO, THREE), (ONE, THREE), (TWO, THREE), 2),
        ((ONE, OTHER), (ONE,), (OTHER,), 0),
        ((ONE,), (ONE, OTHER), (OTHER,), 1),  # it was hidden behind the first, and is not mended
        ((ONE, fault(5, code="LC201")), (ONE,), (fault(5, code="LC201"),), 0),
    ],
)
def test_equal_lines_are_counted(
    before: tuple[Finding, ...],
    mended: tuple[Finding, ...],
    after: tuple[Finding, ...],
    left: int,
) -> None:
    assert len(proof.still_shown(run(*after), run(*before), mended)) == left
