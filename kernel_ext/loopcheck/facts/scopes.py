"""On which of pytest-asyncio's loops a test runs."""

from typing import Any


def of_test(item: Any) -> str | None:
    """Return the scope of the loop that pytest-asyncio runs *item* on, None if it does not.

    Before pytest-asyncio 1.1 an item does not know it: its mark does, else the ini.
    """
    said = getattr(item, "_loop_scope", None)
    if said is None and "asyncio" in type(item).__module__:
        mark = item.get_closest_marker("asyncio")
        said = (mark and (mark.kwargs.get("loop_scope") or mark.kwargs.get("scope"))) or _ini(item)
    return str(said) if said else None


def _ini(item: Any) -> str:
    try:
        return str(item.config.getini("asyncio_default_test_loop_scope") or "function")
    except ValueError:  # pytest-asyncio 0.23 has no such setting
        return "function"
