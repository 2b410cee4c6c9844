"""The parameters of a code object, apart from the names of its locals."""

from loopcheck.process import parameters


def no_parameters() -> int:
    local = 1
    return local + 1


def all_kinds(first: int, /, second: int, *rest: int, third: int, **others: int) -> int:
    local = first + second + third
    return local + 1


def test_a_local_is_no_parameter() -> None:
    code = no_parameters.__code__
    assert parameters.first(code) is None
    assert parameters.positional(code) == parameters.named(code) == ()


def test_each_kind_of_parameter() -> None:
    code = all_kinds.__code__
    assert parameters.first(code) == "first"
    assert parameters.positional(code) == ("first", "second")
    assert parameters.keyword_only(code) == ("third",)
    assert parameters.named(code) == ("first", "second", "third")
