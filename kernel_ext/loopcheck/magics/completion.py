"""Tab after `%loopcheck` and `%asyncfixture`: parts, then codes, names and options."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from loopcheck.magics.origins import PARTS as FIXTURE_PARTS
from loopcheck.modes import catalogue

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

KEYS = ("%loopcheck", "loopcheck", "%%loopcheck")
FIXTURE_KEYS = ("%asyncfixture", "asyncfixture")
EVENT = "complete_command"


Complete = Callable[[object, Any], list[str]]
Names = Callable[[str], list[str]]


def install(shell: InteractiveShell, parts: dict[str, tuple[str, ...]]) -> Callable[[], None]:
    """Complete the *parts*, each with its options; return the undo."""

    def complete(_: object, event: Any) -> list[str]:
        return choices(_done(event), parts, shell.user_ns)

    return _hooked(shell, KEYS, complete)


def install_fixtures(
    shell: InteractiveShell, names: Callable[[str], list[str]]
) -> Callable[[], None]:
    """Complete `%asyncfixture`; *names* returns what may follow a part of it."""

    def complete(_: object, event: Any) -> list[str]:
        return fixture_choices(_done(event), names)

    return _hooked(shell, FIXTURE_KEYS, complete)


def _done(event: Any) -> list[str]:
    """Return the complete words after the magic's own name."""
    words: list[str] = event.line.split()
    return words[1:] if event.line[-1:].isspace() else words[1:-1]


def _hooked(
    shell: InteractiveShell, keys: tuple[str, ...], complete: Complete
) -> Callable[[], None]:
    for key in keys:
        shell.set_hook(EVENT, complete, str_key=key)

    def undo() -> None:
        known = shell.strdispatchers[EVENT].strs
        for key in keys:
            known.pop(key, None)

    return undo


def fixture_choices(done: list[str], names: Names) -> list[str]:
    """Return what may follow the words *done* after `%asyncfixture`."""
    if not done:
        return [*(part for part in FIXTURE_PARTS if part), *FIXTURE_PARTS[""]]
    if done[-1] == "--from":
        return []  # a path: IPython completes those
    part = done[0] if done[0] in FIXTURE_PARTS else ""
    options = [option for option in FIXTURE_PARTS[part] if option not in done]
    return [*(name for name in names(part) if name not in done), *options]


def choices(
    done: list[str], parts: dict[str, tuple[str, ...]], space: dict[str, object]
) -> list[str]:
    """Return what may follow the words *done*."""
    if not done:
        return [*parts, *parts[""]]
    options = [option for option in parts.get(done[0], ()) if option not in done]
    if done[0] == "explain" and len(done) == 1:
        return [name for mode in catalogue.modes() for name in (mode.code, mode.slug)]
    if done[0] == "objects":
        return [*sorted(name for name in space if not name.startswith("_")), *options]
    return options
