"""What one side of a failed comparison has more than the other."""

import pytest

from loopcheck.source.values.compared_values import surplus


@pytest.mark.parametrize(
    ("actual", "expected", "more"),
    [
        (3, 1, [2]),
        ([("kim", 9), ("max", 4)], [("max", 4)], [("kim", 9)]),
        ([{"id": 1}, {"id": 2}], [{"id": 2}], [{"id": 1}]),
        ([1, 1], [1], [1]),
        ({1, 2}, {1}, [2]),
        ({"east": 2, "crypt": 1}, {"east": 1}, [("crypt", 1), ("east", 1)]),
        ({"by": {"tea": 2}}, {"by": {"tea": 1}}, [("by", ("tea", 1))]),
    ],
)
def test_what_is_beside_the_expected_values_is_found(
    actual: object, expected: object, more: list[object]
) -> None:
    assert surplus(actual, expected) == more


@pytest.mark.parametrize(
    ("actual", "expected"),
    [
        (1, 3),
        (1, 1),
        (True, False),
        ([1, 2], [1, 3]),
        ([2, 1], [1, 2]),
        ([1, 2], (1,)),
        ({"east": 2}, {"east": 1, "west": 1}),
        ({"east": "b", "west": 1}, {"east": "a"}),
        ([object()], []),
    ],
)
def test_a_value_that_lacks_something_or_differs_has_no_surplus(
    actual: object, expected: object
) -> None:
    assert surplus(actual, expected) == []
