"""Which methods always end their object, as their texts show."""

import pytest

from loopcheck.source.values import lifecycle_methods


class Gate:
    def __init__(self) -> None:
        self.shut, self.guests = True, 0

    def close(self) -> None:
        self.shut = True

    def close_once(self) -> None:
        if self.shut:
            return
        with open("log.txt"):
            self.shut = True

    async def aclose(self) -> None:
        self._finish()

    def _finish(self) -> None:
        self.shut = True

    def close_if_empty(self) -> None:
        if not self.guests:
            self.shut = True

    def close_or_not(self) -> None:
        if self.guests:
            return
        self.shut = True

    def close_carefully(self) -> None:
        if self.guests:
            raise PermissionError
        self._finish()

    def open(self) -> None:
        self.shut = False


@pytest.mark.parametrize(
    ("method", "surely"),
    [
        ("close", True),
        ("close_once", True),
        ("aclose", True),
        ("close_if_empty", False),
        ("close_or_not", False),
        ("close_carefully", False),
        ("open", False),
        ("unknown", False),
    ],
)
def test_what_always_ends_the_object(method: str, surely: bool) -> None:
    assert lifecycle_methods.surely_writes(Gate(), method, "shut") is surely


class SideGate(Gate):
    def close(self) -> None:
        self.bell = None
        super().close()

    def close_if_empty(self) -> None:
        super().close_if_empty()

    def unknown(self) -> None:
        super().unknown()  # type: ignore[misc]


@pytest.mark.parametrize(
    ("method", "surely"), [("close", True), ("close_if_empty", False), ("unknown", False)]
)
def test_what_super_always_ends(method: str, surely: bool) -> None:
    assert lifecycle_methods.surely_writes(SideGate(), method, "shut") is surely
