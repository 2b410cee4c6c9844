"""Which names of methods say that they close something."""

import pytest

from loopcheck.source import bindings


@pytest.mark.parametrize(
    "name", ["close", "aclose", "_close", "wait_closed", "close_all", "stop", "shutdown", "end"]
)
def test_a_method_that_ends(name: str) -> None:
    assert bindings.ends(name)


@pytest.mark.parametrize("name", ["send", "append", "extend", "render", "pending", "enclose_in"])
def test_a_method_that_ends_nothing(name: str) -> None:
    assert not bindings.ends(name)
