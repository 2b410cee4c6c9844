"""Tells on which of pytest-asyncio's loops a test runs."""

from __future__ import annotations

from typing import Any


def of_test(item: Any) -> str | None:
    """Return the scope of the loop that pytest-asyncio runs *item* on, None if on none.

    Before pytest-asyncio 1.1 the item does not know it: its mark does, else the ini file.
    """
    known = getattr(item, "_loop_scope", None)
    if known is None and "asyncio" in type(item).__module__:
        mark = item.get_closest_marker("asyncio")
        return (mark and said(mark)) or of_settings(item)
    return str(known) if known else None


def said(mark: Any) -> str | None:
    """Return the loop scope that an asyncio mark itself sets."""
    found = mark.kwargs.get("loop_scope") or mark.kwargs.get("scope")
    return str(found) if found else None


def of_settings(item: Any) -> str:
    """Return the loop scope of tests whose mark sets none."""
    try:
        return str(item.config.getini("asyncio_default_test_loop_scope") or "function")
    except ValueError:  # pytest-asyncio 0.23 has no such setting
        return "function"
