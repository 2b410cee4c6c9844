"""One search says what gives a name its value in a piece of code."""

import ast

import pytest

from loopcheck.source.assignments import assigned_values, assignments_in

CODE = """\
first = second = load()
self.store: Store = Store(first)
row, (self.key, *rest) = rows[0] = split(first)
total += 1
declared: int
if (found := look()) is None:
    async with connect() as client, lock:
        for one in client.rows():
            def inner():
                nested = [each for each in rest]
http, (log, self.own) = Client(), [Log(), Own()]
head, *tail = first, second, third
"""


@pytest.mark.parametrize(
    ("target", "found"),
    [
        ("first", [("assigned", "load()", 1)]),
        ("second", [("assigned", "load()", 1)]),
        ("self.store", [("assigned", "Store(first)", 2)]),
        ("self.key", [("assigned", "split(first)", 3)]),
        ("rest", [("assigned", "split(first)", 3)]),
        ("rows[0]", [("assigned", "split(first)", 3)]),
        ("total", [("changed", "1", 4)]),
        ("declared", []),
        ("found", [("assigned", "look()", 6)]),
        ("client", [("entered", "connect()", 7)]),
        ("one", [("iterated", "client.rows()", 8)]),
        ("nested", [("assigned", "[each for each in rest]", 10)]),
        ("each", [("in comprehension", "rest", 10)]),
        ("http", [("assigned", "Client()", 11)]),
        ("self.own", [("assigned", "Own()", 11)]),
        ("tail", [("assigned", "(first, second, third)", 12)]),
    ],
)
def test_each_way_to_get_a_value_is_found(target: str, found: list[tuple[str, str, int]]) -> None:
    tree = ast.parse(CODE)
    given = [one for one in assignments_in(tree) if one.sets(target)]
    assert [(one.how, ast.unparse(one.value), one.line) for one in given] == found
    plain = [value for how, value, _ in found if how == "assigned"]
    assert [ast.unparse(one) for one in assigned_values(target, tree)] == plain


def test_no_code_assigns_nothing() -> None:
    assert list(assignments_in(None)) == []
