"""What destructors raised, kept for pytest before 8.4: it reports that in words only.

Newer versions report it as the cause of their own error. It is kept on pytest's object in the frame
that raises that error, so it lives exactly as long as the traceback.
"""

from __future__ import annotations

import sys
from typing import Any

from loopcheck.watch.hooks import Counted, Undo, hooked

ERROR = "_loopcheck_error"


def _hook() -> Undo:
    module = sys.modules.get("_pytest.unraisableexception")
    kind: Any = getattr(module, "catch_unraisable_exception", None)
    return hooked(kind, "__exit__", _ends) if kind is not None else lambda: None


def _ends(block: Any, kind: object = None, *_: object) -> None:
    if kind is not None and block.unraisable is not None:
        setattr(block, ERROR, block.unraisable.exc_value)


install = Counted(_hook).install
