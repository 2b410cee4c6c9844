"""What nbval needs to check the lessons, from any folder, alone or under xdist."""

import os
import shutil
import tempfile
from itertools import count
from pathlib import Path
from typing import Any

import pytest

SANITIZE = Path(__file__).resolve().with_name("nbval-sanitize.cfg")
CELL_TIMEOUT, NBVALS_OWN = 120.0, 2000.0  # seconds; with 2000 a hung cell looks like a hung CI
LONGEST_SOCKET = 90  # characters of a path; systems allow 103 or 107, and "-1" follows it
HOMES = pytest.StashKey[Path]()


def pytest_configure(config: pytest.Config) -> None:
    """Name the sanitise file by its whole path: nbval opens it relative to the current folder."""
    option = config.option
    if not (getattr(option, "nbval", False) or getattr(option, "nbval_lax", False)):
        return
    option.nbval_sanitize_with = option.nbval_sanitize_with or str(SANITIZE)
    if option.nbval_cell_timeout == NBVALS_OWN:
        option.nbval_cell_timeout = CELL_TIMEOUT
    homes = Path(tempfile.mkdtemp(prefix="loopcheck-nbval-"))
    config.add_cleanup(lambda: shutil.rmtree(homes, ignore_errors=True))
    kernels = pytest.MonkeyPatch()
    config.add_cleanup(kernels.undo)
    kernels.setenv("IPYTHONDIR", str(homes / "ipython"))  # your start-up files may print
    kernels.setenv("LOOPCHECK_HOME", str(homes))
    kernels.setenv("TMPDIR", str(homes))  # nbval kills its kernels: they can't tidy up
    kernels.setenv("COLUMNS", "80")  # else a terminal's width cuts lines of the tests in cells
    for name in ("CI", "BUILD_NUMBER"):  # with them pytest cuts no line, and readers have none
        kernels.delenv(name, raising=False)
    for name in [name for name in os.environ if name.startswith("PYTEST_")]:
        kernels.delenv(name)  # options, and the worker's number, are meant for this run only
    _speak_by_files(homes, kernels)
    config.stash[HOMES] = homes


def _speak_by_files(homes: Path, kernels: pytest.MonkeyPatch) -> None:
    """Give kernels sockets that are files: another process may take a port before the kernel."""
    if os.name != "posix" or len(str(homes / "kernel99")) > LONGEST_SOCKET:
        return
    from jupyter_client.manager import KernelManager  # late: only nbval needs it

    numbers = count(1)

    def manager(**given: Any) -> KernelManager:
        return KernelManager(transport="ipc", ip=str(homes / f"kernel{next(numbers)}"), **given)

    kernels.setattr("nbval.kernel.KernelManager", manager)


@pytest.hookimpl(tryfirst=True)  # the kernel starts in the setup of its first cell
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Give each lesson its own home, so that progress in one does not show in the next."""
    homes = item.config.stash.get(HOMES, None)
    if homes is not None:
        home = homes / item.path.stem
        home.mkdir(exist_ok=True)
        os.environ["LOOPCHECK_HOME"] = str(home)
