"""Where loopcheck keeps what is the user's: `LOOPCHECK_HOME`, else the platform's data folder."""

import os
import sys
from pathlib import Path


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
