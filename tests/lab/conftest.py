"""Progress of the tests stays among the tests."""

from pathlib import Path

import pytest
import warm_child  # type: ignore[import-not-found]
from shells import bare, cells  # type: ignore[import-not-found]

__all__ = ["bare", "cells"]  # a shell, and one with `loopcheck.lab` loaded


@pytest.fixture(autouse=True)
def loopcheck_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder that stands in for the user's data folder."""
    home = tmp_path / "home"
    monkeypatch.setenv("LOOPCHECK_HOME", str(home))
    return home


@pytest.fixture
def warm(monkeypatch: pytest.MonkeyPatch) -> None:
    """Run what a test runs in warm processes; the notebooks run it in cold ones."""
    warm_child.put_in(monkeypatch)
