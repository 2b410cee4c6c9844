"""Whether a failed assert would pass now is worked out from plain values, or is not known."""

import ast
import random
from collections import deque

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


# The law: Python's own value, or not known

WORDS = ("rows", "none", "counts", "pair", "text", "zero", "missing", "len", "flag", "nested")


def _space() -> dict[str, object]:
    counts = {"hits": 3, 1: None, "rows": [1]}
    nested = [[1], {"a": (1, 2)}, deque([1, 2])]
    return {
        "rows": [3, 1],
        "none": None,
        "counts": counts,
        "pair": (1, "a"),
        "text": "a",
        "zero": 0,
        "flag": True,
        "nested": nested,
        "sorted": lambda rows: "the user's own",
    }


def _expression(chance: random.Random, depth: int = 0) -> str:
    if depth > 3 or chance.random() < 0.2:
        return chance.choice((*WORDS, "1", "0", "'a'", "None", "[]", "[3, 1]", "{'a': 1}", "()"))
    one, other = (_expression(chance, depth + 1) for _ in "ab")
    compared = chance.choice(("==", "!=", "<", ">=", "in", "not in", "is", "is not"))
    made = (
        *(f"({one} {compared} {other})", f"({one} and {other})", f"({one} or {other})"),
        *(f"(not {one})", f"len({one})", f"list({one})", f"set({one})", f"sorted({one})"),
        *(f"[{one}, {other}]", f"({one}, {other})", f"{{{one}: {other}}}", f"({one})[0]"),
        *(f"counts[{one}]", f"counts.get({one})", f"({one}).get({other}, {one})"),
        *(f"({one})['a']", f"({one} {compared} {other} {compared} {one})", f"bool({one})"),
    )
    return chance.choice(made)


@pytest.mark.filterwarnings("ignore::SyntaxWarning")
@pytest.mark.parametrize("seed", range(8))
def test_what_plain_values_give_is_pythons_own_or_not_known(seed: int) -> None:
    chance, space, unknown, wrong, known = random.Random(seed), _space(), object(), [], 0
    for _ in range(800):
        text = _expression(chance)
        found = assertions.plain(ast.parse(text, mode="eval").body, space, unknown)
        if found is unknown:
            continue
        known += 1
        try:
            real = eval(text, dict(space))
        except Exception as error:
            real = error
        if type(found) is not type(real) or found != real:
            wrong.append(f"{text}: {found!r} is not {real!r}")
    assert not wrong, "\n".join(wrong)
    assert known > 150  # it is no way out to know nothing


def test_another_value_stands_in_for_one_object() -> None:
    space: dict[str, object] = {"rows": ROWS, "outer": {"rows": ROWS}}
    test = ast.parse("len(rows) == len(outer['rows']) == 1", mode="eval").body
    assert assertions.plain(test, space, None) is False
    assert assertions.plain(test, space, None, (ROWS, [5])) is True
    first = ast.parse("outer['rows'][0]", mode="eval").body
    assert assertions.plain(first, space, None, (ROWS, [5])) == 5
