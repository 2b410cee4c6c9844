"""Parses texts of the user's, however deep the stack is that asks, and whatever goes on beside it.

Python counts how deep it is while it makes a syntax tree, from the depth of the stack on: near the
limit it gives up (RecursionError). Where another text is parsed meanwhile, by a finalizer for
instance, the numbers of 3.11 don't match in the end (SystemError).
"""

from __future__ import annotations

import _thread
import ast
from types import BuiltinFunctionType
from typing import Literal

from loopcheck import collector

TRIES = 3
_START, _LOCK = _thread.start_new_thread, _thread.allocate_lock  # as they were before any test


def parsed(text: str, mode: Literal["exec", "eval"] = "exec") -> ast.AST | None:
    """Return the syntax tree of *text*, None where it does not parse."""
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
    """Return the same, from a thread of its own, whose stack begins anew."""
    if type(_START) is not BuiltinFunctionType:
        return None  # gevent came first: no thread has a stack of its own
    found: list[ast.AST | None] = []
    done = _LOCK()
    done.acquire()

    def parse() -> None:
        try:
            found.append(_parsed(text, mode))
        except RecursionError:
            pass  # the text itself is too deep
        finally:
            done.release()

    try:
        _START(parse, ())  # who counts threads in a test counts none of ours
    except RuntimeError:  # no more of them, or the process ends
        return None
    with done:
        return found[0] if found else None
