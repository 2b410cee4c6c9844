"""What nbval needs to check the lessons, from any folder, alone or under xdist."""

import os
import shutil
import tempfile
from pathlib import Path

import pytest

SANITIZE = Path(__file__).resolve().with_name("nbval-sanitize.cfg")
CELL_TIMEOUT, NBVALS_OWN = 120.0, 2000.0  # seconds; with 2000 a hung cell looks like a hung CI
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
    kernels.setenv("IPYTHONDIR", str(homes / "ipython"))  # start-up files of the user's may print
    kernels.setenv("LOOPCHECK_HOME", str(homes))
    kernels.setenv("TMPDIR", str(homes))  # nbval kills its kernels: they can't tidy up
    kernels.setenv("COLUMNS", "80")  # else a terminal's width cuts lines of the tests in cells
    for name in ("CI", "BUILD_NUMBER"):  # with them pytest cuts no line, and readers have none
        kernels.delenv(name, raising=False)
    for name in [name for name in os.environ if name.startswith("PYTEST_")]:
        kernels.delenv(name)  # options, and the worker's number, are meant for this run only
    config.stash[HOMES] = homes


@pytest.hookimpl(tryfirst=True)  # the kernel starts in the setup of its first cell
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Give each lesson a home of its own, so that progress in one is not seen in the next."""
    homes = item.config.stash.get(HOMES, None)
    if homes is not None:
        home = homes / item.path.stem
        home.mkdir(exist_ok=True)
        os.environ["LOOPCHECK_HOME"] = str(home)
