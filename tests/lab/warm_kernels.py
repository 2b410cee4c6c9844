"""nbval, with kernels whose runs of pytest are warm: `pytest --nbval notebooks -p warm_kernels`.

A lesson spends half of its time on starts of pytest: for `%pytest`, and several for each answer.
The kernels, what they are asked, and what is compared stay as they are. The lessons in `COLD` run
all as a reader does: two because somebody has to, the others because they show what Python says
as it ends (a forked run does not tidy up), or tell it to say less as it starts.
"""

import os
from pathlib import Path
from typing import Any

import pytest
import warm

COLD = (
    *("00_start_here", "lc102_loop_mismatch"),
    *("82_clinic_three", "85_clinic_six", "lc401_sync_mock_awaited", "lc507_wrapper_not_client"),
    *("lc203_hang", "lc604_stale_pool"),
)
HERE = Path(__file__).parent
START_UP = """\
import sys
sys.path[:0] = {folders!r}
import pytest, warm, warm_child
warm.ready = lambda: {address!r}
warm_child.put_in(pytest.MonkeyPatch())
for _ in {folders!r}:
    del sys.path[0]
del sys.modules["warm"], sys.modules["warm_child"], sys, pytest, warm, warm_child, _
"""


def pytest_configure() -> None:
    """Keep away from the kernels what led Python to this file."""
    os.environ.pop("PYTHONPATH", None)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out the exercise of a lesson that is not cold: what it prints is not stored.

    The cell holds the skeleton (test_lessons_and_exercises.py), which test_exercises.py grades.
    """
    left_out = [item for item in items if _is_exercise(item) and item.path.stem not in COLD]
    if warm.AVAILABLE and left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]


def _is_exercise(item: Any) -> bool:
    unstored = "nbval-ignore-output" in item.cell.metadata.get("tags", ())
    return unstored and item.cell.source.startswith("%%exercise")


@pytest.hookimpl(tryfirst=True)  # the kernel starts in the setup of its first cell
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Let the kernel of a lesson begin with what makes its runs warm."""
    if not warm.AVAILABLE:
        return
    folder = Path(os.environ["IPYTHONDIR"], "profile_default", "startup")
    folder.mkdir(parents=True, exist_ok=True)
    folders = [str(HERE), str(HERE.parent / "modes")]
    text = START_UP.format(folders=folders, address=warm.ready())
    folder.joinpath("00-warm.py").write_text("" if item.path.stem in COLD else text)
