"""Whether a line has another outcome for a result than for a coroutine in its place."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from loopcheck.source.statements import tested_results


def differs(folder: Path, text: str, result: object) -> bool | None:
    """Return whether *result* differs from a coroutine there; None if no line tests the call."""
    file = folder / "code.py"
    file.write_text(text, encoding="utf-8")
    found = tested_results.calls_tested_at(str(file), 1)
    return found[0].differs(result) if found else None


@pytest.mark.parametrize(
    ("text", "result", "expected"),
    [
        ("if store.ok(): pass", False, True),
        ("if store.ok(): pass", True, False),
        ("found = store.left() == 0", 0, True),
        ("found = store.left() == 0", 3, False),
        ("found = 0 != store.left()", 0, True),
        ("found = store.fee() in (0, None)", None, True),
        ("found = store.fee() in (0, None)", 7, False),
        ("found = store.name() in 'tea'", "e", True),
        ("found = store.first() is None", None, True),
        ("found = store.first() is None", 0, False),
        ("found = all(store.ok(one) for one in names)", False, True),
        ("match store.kind():\n    case 'a' | 'b': pass", "b", True),
        ("match store.kind():\n    case 'a' | 'b': pass", "c", False),
        ("match store.kind():\n    case None: pass", None, True),
    ],
)
def test_a_result_decides_what_a_coroutine_cannot(
    tmp_path: Path, text: str, result: object, expected: bool
) -> None:
    assert differs(tmp_path, text, result) is expected


@pytest.mark.parametrize("text", ["found = store.left() == limit", "found = store.left()"])
def test_what_no_literal_decides_is_unknown(tmp_path: Path, text: str) -> None:
    assert differs(tmp_path, text, 0) is None


def test_no_code_of_a_part_is_run(tmp_path: Path) -> None:
    class Part:
        def __eq__(self, other: Any) -> bool:
            raise AssertionError("it ran")

        __hash__ = None  # type: ignore[assignment]

    assert differs(tmp_path, "found = store.rows() == [1]", [Part()]) is False
