"""The code of what the user wrote: a function, a test, a fixture, below their decorators.

Every function returns None if there is no Python code, or if an odd object raises.
"""

from __future__ import annotations

import inspect
from types import CodeType
from typing import Any

from loopcheck.source import project_files


def own(thing: object) -> CodeType | None:
    """Return the code of a function or method itself, which may be a decorator's."""
    found = getattr(getattr(thing, "__func__", thing), "__code__", None)
    return found if type(found) is CodeType else None


def function(thing: Any) -> CodeType | None:
    """Return the code of a function or method, below its decorators."""
    try:
        return own(inspect.unwrap(thing))
    except Exception:  # circular decorators, or an object that answers as it likes
        return None


def test(item: Any) -> CodeType | None:
    """Return the code of the function of a test."""
    found = function(getattr(item, "obj", None))
    if found is None or project_files.owner(found.co_filename) == "user":
        return found
    # A plugin has put its own function there, as pytest-trio does. The module has the user's.
    holder = getattr(item, "cls", None) or getattr(item, "module", None)
    name = getattr(item, "originalname", None)
    return function(vars(holder).get(name)) if holder is not None and name else found


def fixture(definition: Any) -> CodeType | None:
    """Return the code of the function of a fixture, from its definition."""
    return function(getattr(definition, "func", None))
