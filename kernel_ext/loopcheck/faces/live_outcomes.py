"""What comes of `up` and `down`: still with live definitions, for the session that asked."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class Raised:
    """What the user's code raised, and in which fixture."""

    fixture: str
    error: BaseException
    definition: Any


@dataclass(slots=True)
class Up:
    """What became of `up`."""

    name: str
    value: object
    definition: Any
    begun: list[Any]  # definitions, in the order in which they were set up
    param: str | None = None
    other_params: tuple[str, ...] = ()
    already: bool = False
    changed: bool = False  # its name means another definition by now


@dataclass(slots=True)
class Down:
    """What became of `down`."""

    torn: list[str]  # in the order in which they were torn down
    asked: list[str]  # of those that `up` was asked for, the ones that are gone
    errors: list[Raised] = field(default_factory=list)


class SetUpFailed(Exception):
    """A fixture failed; what was set up for it is down again."""

    def __init__(self, name: str, raised: Raised, torn: Down, item: Any) -> None:
        super().__init__(name)
        self.name, self.raised, self.torn, self.item = name, raised, torn, item


class NoSuchFixture(Exception):
    """Nobody defines it within reach."""

    def __init__(self, name: str, known: list[str]) -> None:
        super().__init__(name)
        self.name, self.known = name, known


class NoSuchParameter(Exception):
    """It has others, or none."""

    def __init__(self, name: str, param: str, known: list[str]) -> None:
        super().__init__(name)
        self.name, self.param, self.known = name, param, known


class OtherParameter(Exception):
    """It is up with another one, for the *holders* that `up` was asked for."""

    def __init__(self, name: str, param: str, holders: list[str]) -> None:
        super().__init__(name)
        self.name, self.param, self.holders = name, param, holders
