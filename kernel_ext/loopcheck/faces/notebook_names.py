"""The names of a notebook: which of them are fixtures, and which stand for a fixture's value."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

    from loopcheck.faces.held_pytest import Origin

MISSING = object()
IPYTHONS = re.compile(r"_+|_i*\d*|_{1,3}|_i+|_ih|_oh|_dh")


@dataclass(slots=True)
class Bound:
    """A name that has a fixture's value now, and what it was before."""

    value: object
    before: object


BOUND: dict[str, Bound] = {}


def definitions(space: dict[str, Any]) -> dict[str, Any]:
    """Return the fixtures that a notebook defines, those whose names have their values, too."""
    found = {name: one for name, one in space.items() if is_definition(name, one)}
    for name, one in displaced().items():
        found.setdefault(name, one)
    return found


def of(shell: InteractiveShell, origin: Origin) -> dict[str, Any]:
    """Return what *origin* has beside its files: the definitions of a notebook."""
    return definitions(shell.user_ns) if origin.space is not None else {}


def displaced() -> dict[str, Any]:
    """Return the definitions whose names stand for their values now."""
    return {name: one.before for name, one in BOUND.items() if is_definition(name, one.before)}


def is_definition(name: str, thing: object) -> bool:
    """Return whether *thing* is what `@pytest.fixture` makes of a function."""
    kind = type(thing)
    if IPYTHONS.fullmatch(name):
        return False
    if (kind.__module__, kind.__name__) == ("_pytest.fixtures", "FixtureFunctionDefinition"):
        return True
    return kind.__name__ == "function" and hasattr(thing, "_pytestfixturefunction")  # pytest 8.3


def bind(space: dict[str, Any], name: str, value: object) -> None:
    """Let *name* stand for *value*."""
    known = BOUND.get(name)
    now = space.get(name, MISSING)
    before = known.before if known is not None and now is known.value else now
    BOUND[name] = Bound(value, before)
    space[name] = value


def restore(space: dict[str, Any], name: str) -> None:
    """Let *name* be what it was, unless somebody has given it something else."""
    known = BOUND.pop(name, None)
    if known is None or space.get(name, MISSING) is not known.value:
        return
    if known.before is MISSING:
        del space[name]
    else:
        space[name] = known.before
