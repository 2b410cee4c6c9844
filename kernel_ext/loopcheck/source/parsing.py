"""Parses user code, however deep the calling stack is, and whatever other threads do meanwhile.

Python counts depth while it builds a syntax tree, starting at the depth of the stack: near the
limit it gives up (RecursionError). If another text is parsed meanwhile, for example by a finalizer,
the counts of 3.11 don't match in the end (SystemError).
"""

from __future__ import annotations

import _thread
import ast
from types import BuiltinFunctionType
from typing import Literal

from loopcheck import collector

TRIES = 3
_START, _LOCK = _thread.start_new_thread, _thread.allocate_lock  # the originals before any test


def parsed(text: str, mode: Literal["exec", "eval"] = "exec") -> ast.AST | None:
    """Return the syntax tree of *text*, None if it does not parse."""
    try:
        return _parsed(text, mode)
    except RecursionError:
        pass
    return _on_a_fresh_stack(text, mode)


def _parsed(text: str, mode: str) -> ast.AST | None:
    for _ in range(TRIES):
        try:
            with collector.still():  # no finalizer runs
                return ast.parse(text, mode=mode)
        except SystemError:
            continue
        except (SyntaxError, ValueError, MemoryError):
            break
    return None


def _on_a_fresh_stack(text: str, mode: str) -> ast.AST | None:
    """Return the same, from a separate thread, whose stack starts empty."""
    if type(_START) is not BuiltinFunctionType:
        return None  # gevent has patched it: no thread has a stack of its own
    found: list[ast.AST | None] = []
    done = _LOCK()
    done.acquire()

    def parse() -> None:
        try:
            found.append(_parsed(text, mode))
        except RecursionError:
            pass  # the text itself is nested too deep
        finally:
            done.release()

    try:
        _START(parse, ())  # a test that counts threads does not count ours
    except RuntimeError:  # no more threads, or the process is ending
        return None
    with done:
        return found[0] if found else None
