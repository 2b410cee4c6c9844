"""A real shell for the tests of the magics, and cells that run in it."""

import gc
from collections.abc import Iterator

import pytest
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

from loopcheck.lab import extension


@pytest.fixture(scope="module")
def bare() -> Iterator[InteractiveShell]:
    """Return a shell without anything of ours; one for all tests, it takes a second to make."""
    config = Config()
    config.HistoryManager.enabled = False
    config.InteractiveShell.colors = "nocolor"
    shell = InteractiveShell.instance(config=config)
    gc.collect()
    gc.freeze()  # each cell ends with a collection, and a shell is half of what there is
    yield shell
    InteractiveShell.clear_instance()


class Cells:
    """Runs cells as a notebook would, and returns what they show."""

    def __init__(self, shell: InteractiveShell, capsys: pytest.CaptureFixture[str]) -> None:
        self.shell, self.capsys = shell, capsys

    def __call__(self, text: str) -> str:
        self.capsys.readouterr()
        self.shell.run_cell(text, store_history=True)
        shown = self.capsys.readouterr()
        return shown.out + shown.err


@pytest.fixture
def cells(bare: InteractiveShell, capsys: pytest.CaptureFixture[str]) -> Iterator[Cells]:
    """Return a shell with `loopcheck.lab` loaded."""
    run = Cells(bare, capsys)
    assert run("%load_ext loopcheck.lab").strip() == extension.READY
    yield run
    run("%unload_ext loopcheck.lab")
