"""A notebook for tests: cells of a plain IPython in this process, or of a real kernel."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import nbformat
from IPython.core.interactiveshell import InteractiveShell
from nbclient import NotebookClient

from loopcheck.case import journal


class Notebook:
    """Cells run one after the other; a cell may await."""

    def __init__(self, shell: InteractiveShell) -> None:
        self.shell = shell

    def __getitem__(self, name: str) -> Any:
        return self.shell.user_ns[name]

    def __contains__(self, name: str) -> bool:
        return name in self.shell.user_ns

    def run(self, cell: str) -> str:
        """Return what the cell's last line showed."""
        done = self.shell.run_cell(cell)
        error = done.error_before_exec or done.error_in_exec
        if error is not None:
            raise error
        return repr(done.result) if done.result is not None else ""

    def refused(self, cell: str) -> str:
        """Return what a cell that must fail says: one line, and no traceback."""
        done = self.shell.run_cell(cell)
        error = done.error_in_exec
        assert type(error).__name__ == "UsageError", error
        assert "\n" not in str(error)
        return str(error)


@contextmanager
def notebook() -> Iterator[Notebook]:
    """Yield a shell with the extension loaded; unload it in the end."""
    shell = InteractiveShell()
    assert shell.history_manager is not None
    shell.history_manager.end_session()  # else its thread and file stay
    shell.run_line_magic("load_ext", "loopcheck")
    try:
        yield Notebook(shell)
    finally:
        shell.run_line_magic("unload_ext", "loopcheck")
        journal.clear()


def in_a_kernel(cells: Iterable[str], folder: object) -> list[str]:
    """Return what each cell showed in a real kernel that began in *folder*."""
    made = nbformat.v4.new_notebook()
    made.cells = [nbformat.v4.new_code_cell(text) for text in cells]
    where = {"metadata": {"path": str(folder)}}
    client = NotebookClient(
        made, allow_errors=True, timeout=60, kernel_name="python3", resources=where
    )
    client.execute()
    return ["\n".join(map(_words, cell.outputs)) for cell in made.cells]


def _words(output: nbformat.NotebookNode) -> str:
    if output.output_type == "stream":
        return str(output.text)
    if output.output_type == "error":
        return f"{output.ename}: {output.evalue}"
    return str(output.data["text/plain"])
