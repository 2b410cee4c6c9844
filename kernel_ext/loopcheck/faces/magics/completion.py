"""Tab after `%loopcheck`: its parts, then codes, slugs, names and options."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from loopcheck.modes import catalogue

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

KEYS = ("%loopcheck", "loopcheck", "%%loopcheck")
EVENT = "complete_command"


def install(shell: InteractiveShell, parts: dict[str, tuple[str, ...]]) -> Callable[[], None]:
    """Complete the *parts*, each with its options; undo with what is returned."""

    def complete(_: object, event: Any) -> list[str]:
        words = event.line.split()
        done = words[1:] if event.line[-1:].isspace() else words[1:-1]
        return choices(done, parts, shell.user_ns)

    for key in KEYS:
        shell.set_hook(EVENT, complete, str_key=key)

    def undo() -> None:
        known = shell.strdispatchers[EVENT].strs
        for key in KEYS:
            known.pop(key, None)

    return undo


def choices(
    done: list[str], parts: dict[str, tuple[str, ...]], space: dict[str, object]
) -> list[str]:
    """Return what may follow the words that are *done*."""
    if not done:
        return [*parts, *parts[""]]
    options = [option for option in parts.get(done[0], ()) if option not in done]
    if done[0] == "explain" and len(done) == 1:
        return [name for mode in catalogue.modes() for name in (mode.code, mode.slug)]
    if done[0] == "objects":
        return [*sorted(name for name in space if not name.startswith("_")), *options]
    return options
