"""The errors that ended threads during a test: pytest keeps them until the phase is over."""

from __future__ import annotations

import sys
from typing import Any

from loopcheck.process import objects

KEEPER = "_pytest.threadexception"  # since pytest 8.4; older ones keep none to look at


def unnoticed(item: Any) -> list[BaseException]:
    """Return the errors that have ended threads since the phase of *item* began, oldest first."""
    key = getattr(sys.modules.get(KEEPER), "thread_exceptions", None)
    config: Any = objects.peek(item, "config")
    if key is None or config is None:
        return []
    kept = config.stash.get(key, ())
    errors = [getattr(one, "exc_value", None) for one in list(kept)]
    return [one for one in errors if objects.is_a(one, BaseException)]
