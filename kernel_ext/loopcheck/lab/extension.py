"""Loads and unloads `loopcheck.lab`: every step has its undo."""

import re
from collections.abc import Callable
from contextlib import ExitStack
from importlib.util import find_spec
from weakref import WeakKeyDictionary

from IPython.core.error import UsageError
from IPython.core.interactiveshell import InteractiveShell

from loopcheck.lab import home

NEEDED = {"ipytest": "ipytest", "pytest_asyncio": "pytest-asyncio", "valkey": "valkey"}
# One line, also in a Lab of 1280 pixels with its file browser open: at most 100 characters.
READY = "loopcheck.lab is ready: %%ipytest, %%project, %pytest, %%exercise, %hint, %progress"
QUESTION = re.compile(r"%stuck\s+\S.*\?\s*$")  # not `%stuck?`, which asks for help on it

_loaded: WeakKeyDictionary[InteractiveShell, ExitStack] = WeakKeyDictionary()


def load(shell: InteractiveShell) -> None:
    """Load the lessons' tools into *shell*, and print one line."""
    if missing := [name for module, name in NEEDED.items() if find_spec(module) is None]:
        raise UsageError(
            f"loopcheck.lab needs {', '.join(missing)}: "
            'pip install "loopcheck[workbook]", then restart the kernel.'
        )
    if shell in _loaded:
        return
    with ExitStack() as undo:
        _load_all(shell, undo)
        _loaded[shell] = undo.pop_all()
    print(READY)
    if home.read_only():
        print(home.READ_ONLY)


def unload(shell: InteractiveShell) -> None:
    """Undo every step, last first."""
    if undo := _loaded.pop(shell, None):
        undo.close()


def _load_all(shell: InteractiveShell, undo: ExitStack) -> None:
    # late: report a missing extra before importing it
    import ipytest  # type: ignore[import-untyped]  # noqa: F401  (seen by thread_mode below)

    from loopcheck import abilities
    from loopcheck.children import temporary_folders
    from loopcheck.lab import cell_end, ipytest_settings
    from loopcheck.lab.board import sending
    from loopcheck.lab.magics import board, seen
    from loopcheck.lab.magics.cases import CaseMagics
    from loopcheck.lab.magics.clinics import ClinicMagics
    from loopcheck.lab.magics.exercises import ExerciseMagics
    from loopcheck.lab.magics.guess import GuessMagic
    from loopcheck.lab.magics.progress import ProgressMagics
    from loopcheck.lab.magics.projects import ProjectMagics
    from loopcheck.lab.magics.recipes import RecipeMagics
    from loopcheck.lab.workbook import missing_cell
    from loopcheck.magics import thread_mode
    from loopcheck.one_process import fresh_state, memory_sockets

    extensions = shell.extension_manager
    assert extensions is not None
    if "loopcheck" not in extensions.loaded:
        thread_mode.hushed.append(True)  # READY prints it
        try:
            extensions.load_extension("loopcheck")
        finally:
            thread_mode.hushed.clear()
        undo.callback(extensions.unload_extension, "loopcheck")
    thread_mode.install(shell)  # so that ours wraps its settings, never the other way round
    undo.callback(ipytest_settings.install(shell))
    undo.callback(cell_end.install(shell))
    undo.callback(missing_cell.install(shell))
    undo.callback(_empty_cells(shell))
    undo.callback(_questions(shell))
    if not abilities.PROCESSES:  # its own sockets reach nothing
        undo.enter_context(memory_sockets.in_use())
        undo.enter_context(fresh_state.without_stand_ins())
    temporary_folders.sweep()  # folders of killed kernels
    guess = GuessMagic(shell)
    undo.callback(guess.install())
    projects = ProjectMagics(shell, guess)
    undo.callback(projects.projects.close)
    tables = projects.table() | ClinicMagics(projects.projects).table() | seen.table()
    tables |= guess.table() | CaseMagics(projects.projects).table()
    undo.callback(sending.SENDER.wait)  # bounded, and immediate if nothing is being sent
    tables |= board.table()
    tables |= ExerciseMagics(shell).table() | ProgressMagics().table() | RecipeMagics().table()
    for (kind, name), magic in tables.items():
        _register(shell, kind, name, magic, undo)


def _empty_cells(shell: InteractiveShell) -> Callable[[], None]:
    """Let an empty cell of ours reach its magic: IPython would stop there."""

    def with_body(lines: list[str]) -> list[str]:
        empty = len(lines) == 1 and lines[0].startswith(("%%exercise", "%%seen", "%%tryit"))
        return [*lines, "\n"] if empty else lines

    shell.input_transformers_cleanup.insert(0, with_body)
    return lambda: shell.input_transformers_cleanup.remove(with_body)


def _questions(shell: InteractiveShell) -> Callable[[], None]:
    """Let `%stuck which loop?` reach our magic: IPython would look for help on `loop`."""

    def asked(lines: list[str]) -> list[str]:
        if lines and lines[0].startswith("%%"):
            return lines
        return [_called(line) if QUESTION.match(line) else line for line in lines]

    shell.input_transformers_cleanup.append(asked)
    return lambda: shell.input_transformers_cleanup.remove(asked)


def _called(line: str) -> str:
    words = line.strip().removeprefix("%stuck").strip()
    return f"get_ipython().run_line_magic('stuck', {words!r})\n"


def _register(
    shell: InteractiveShell, kind: str, name: str, magic: Callable[..., object], undo: ExitStack
) -> None:
    """Register a magic in *shell*; *undo* restores what had its name before."""
    tables = shell.magics_manager.magics
    for table in [tables[one] for one in ("line", "cell") if one in kind]:
        before = table.get(name)
        undo.callback(_put_back, table, name, before)
    shell.magics_manager.register_function(magic, kind, name)


def _put_back(table: dict[str, object], name: str, before: object) -> None:
    if before is None:
        table.pop(name, None)
    else:
        table[name] = before
