"""Whether a failed assert would pass now is worked out from plain values, or is not known."""

import ast

import pytest

from loopcheck.source.values import assertions

ROWS = [3, 1]
SPACE: dict[str, object] = {"rows": ROWS, "same": ROWS, "none": None, "len": lambda rows: 2}


def now(text: str) -> bool:
    return assertions.now(ast.parse(text).body[0], SPACE)


@pytest.mark.parametrize(
    "text",
    [
        "assert rows == [3, 1]",
        "assert sorted(rows) == [1, 3]",
        "assert none is None",
        "assert rows is not None",
        "assert (rows == []) is False",
    ],
)
def test_what_plain_values_say_holds(text: str) -> None:
    assert now(text)


@pytest.mark.parametrize(
    "text",
    [
        "assert sorted(rows, reverse=True) == [1, 3]",
        "assert sorted(rows, reverse=True) != [3, 1]",
        "assert sorted(rows, key=str) == [1, 3]",
    ],
)
def test_a_call_with_more_than_the_container_is_not_worked_out(text: str) -> None:
    assert not now(text)


def test_a_function_of_the_users_is_not_taken_for_the_builtin() -> None:
    assert not now("assert len(rows) == 2")


@pytest.mark.parametrize("text", ["assert (count or 0) == 1", "assert (none or rows) == True"])
def test_what_or_gives_is_one_of_its_parts_and_not_a_truth(text: str) -> None:
    assert not assertions.now(ast.parse(text).body[0], {**SPACE, "count": 5})
    assert now("assert (none or rows) == [3, 1]")
    assert now("assert (rows and none) is None")


@pytest.mark.parametrize("text", ["assert rows is not same", "assert rows is same"])
def test_identity_of_containers_is_not_told_from_copies(text: str) -> None:
    assert not now(text)
