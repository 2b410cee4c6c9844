"""Names the cell that defines a missing name.

It runs only after a cell has failed: Python's and pytest's own messages come first.
"""

import builtins
import contextlib
import json
import re
import symtable
from collections.abc import Callable, Iterator
from pathlib import Path

from IPython.core.interactiveshell import ExecutionResult, InteractiveShell

from loopcheck.lab.workbook.copies import lessons


def defines(name: str) -> re.Pattern[str]:
    """Return a pattern for a line that defines *name*."""
    return re.compile(
        rf"^(?:(?:async )?def|class) {name}\b|^{name}\s*[:=]|^(?:from|import) .*\b{name}\b", re.M
    )


def install(shell: InteractiveShell) -> Callable[[], None]:
    """Check every failed cell of *shell*; return the undo."""

    def look(result: ExecutionResult) -> None:
        with contextlib.suppress(Exception):  # a failing helper must not add to the trouble
            for line in told(shell, result):
                print(line)

    shell.events.register("post_run_cell", look)

    def undo() -> None:
        with contextlib.suppress(ValueError):  # undo twice is once
            shell.events.unregister("post_run_cell", look)

    return undo


def told(shell: InteractiveShell, result: ExecutionResult) -> Iterator[str]:
    """Yield a line for each name that the failed cell lacks and an earlier cell defines."""
    text = str(result.info.raw_cell) if result.info else ""
    missing = list(_missing(shell, result, text))
    if not missing:
        return
    cells = _cells_around(text)
    for name in missing:
        makers = [at for at, cell in enumerate(cells, 1) if defines(name).search(cell)]
        if makers and cells[makers[0] - 1] != text:
            first = cells[makers[0] - 1].splitlines()[0]
            yield (
                f"An earlier cell defines `{name}`, and it has not run in this kernel: code cell "
                f"{makers[0]} from the top, which begins with `{first}`. Run it first."
            )


def _missing(shell: InteractiveShell, result: ExecutionResult, text: str) -> Iterator[str]:
    error = result.error_in_exec
    if isinstance(error, NameError) and error.name:
        yield error.name
    elif text.startswith("%%ipytest") and _tests_failed():
        known = {*dir(builtins), *shell.user_ns}
        body = text.partition("\n")[2]
        yield from (name for name in _names(body) if name not in known)


def _tests_failed() -> bool:
    import ipytest  # type: ignore[import-untyped]  # late: an extra that may be missing

    return bool(ipytest.exit_code)


def _names(source: str) -> Iterator[str]:
    """Yield the global names that *source* reads and gives no value."""
    top = symtable.symtable(source, "cell", "exec")
    made = {one.get_name() for one in top.get_symbols() if one.is_assigned() or one.is_imported()}
    seen = dict.fromkeys(
        one.get_name()
        for scope in _scopes(top)
        for one in scope.get_symbols()
        if one.is_referenced() and (one.is_global() or scope is top)
    )
    yield from (name for name in seen if name not in made)


def _scopes(table: symtable.SymbolTable) -> Iterator[symtable.SymbolTable]:
    yield table
    for child in table.get_children():
        yield from _scopes(child)


def _cells_around(text: str) -> list[str]:
    """Return the code cells of the lesson that has this very cell, or an empty list."""
    for file in sorted(lessons().glob("*.ipynb")):
        cells = _code_of(file)
        if text.rstrip("\n") in cells:
            return cells
    return []


def _code_of(file: Path) -> list[str]:
    cells = json.loads(file.read_text(encoding="utf-8"))["cells"]
    return ["".join(one["source"]).rstrip("\n") for one in cells if one["cell_type"] == "code"]
