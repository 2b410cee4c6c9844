"""`%asyncfixture up` and `down` become lines that await: a line magic would block the loop."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from IPython.core.inputtransformer2 import EscapedCommand

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

MAGIC, PARTS = "asyncfixture", ("up", "down")


class Awaited(EscapedCommand):
    """IPython's own transform of a `%` line, with an `await` before it."""

    priority = 5  # before IPython's

    @classmethod
    def find(cls, tokens_by_line: list[list[Any]]) -> Awaited | None:
        for line in tokens_by_line:
            words = [token for token in line if token.string.strip()]
            said = [token.string for token in words[:3]]
            if said[:2] == ["%", MAGIC] and said[2:3] and said[2] in PARTS:
                return cls(words[0].start)
        return None

    def transform(self, lines: list[str]) -> list[str]:
        made: list[str] = super().transform(lines)  # type: ignore[no-untyped-call]
        at = self.start_line
        made[at] = made[at].replace("get_ipython()", "await get_ipython()", 1)
        return made


def install(shell: InteractiveShell) -> Callable[[], None]:
    """Make those lines await; return the undo."""
    known: list[Any] = shell.input_transformer_manager.token_transformers
    known.insert(0, Awaited)

    def undo() -> None:
        if Awaited in known:
            known.remove(Awaited)

    return undo
