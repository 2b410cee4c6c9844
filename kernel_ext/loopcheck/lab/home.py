"""Where loopcheck keeps what is the user's: `LOOPCHECK_HOME`, else the platform's data folder."""

import os
import sys
from pathlib import Path

READ_ONLY = (
    "This folder cannot be written, so nothing that you change here is kept. A copy of the lessons "
    "that is yours, in a terminal: loopcheck lab --dir ~/workbook"
)


def read_only() -> bool:
    """Return whether the folder that the kernel runs in cannot be written."""
    return not os.access(".", os.W_OK)


def data_folder() -> Path:
    """Return the folder, which need not be there yet."""
    if own := os.environ.get("LOOPCHECK_HOME"):
        return Path(own).expanduser()
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData/Local") / "loopcheck"
    if sys.platform == "darwin":
        return Path.home() / "Library/Application Support/loopcheck"
    xdg = os.environ.get("XDG_DATA_HOME", "")
    base = Path(xdg) if os.path.isabs(xdg) else Path.home() / ".local/share"
    return base / "loopcheck"  # the standard says: a relative XDG_DATA_HOME does not count
