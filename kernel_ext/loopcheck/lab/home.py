"""Where loopcheck keeps a user's data: `LOOPCHECK_HOME`, else the platform's data folder."""

import os
import sys
from pathlib import Path

READ_ONLY = (
    "This folder is read-only, so nothing that you change here is saved. To get a copy of the "
    "lessons that you can change, run in a terminal: loopcheck lab --dir ~/workbook"
)


def read_only() -> bool:
    """True if the folder that the kernel runs in is read-only."""
    return not os.access(".", os.W_OK)


def data_folder() -> Path:
    """Return the folder, which may not exist yet."""
    if own := os.environ.get("LOOPCHECK_HOME"):
        return Path(own).expanduser()
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData/Local") / "loopcheck"
    if sys.platform == "darwin":
        return Path.home() / "Library/Application Support/loopcheck"
    xdg = os.environ.get("XDG_DATA_HOME", "")
    base = Path(xdg) if os.path.isabs(xdg) else Path.home() / ".local/share"
    return base / "loopcheck"  # the XDG standard ignores a relative XDG_DATA_HOME
