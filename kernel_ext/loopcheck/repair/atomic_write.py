"""Writes changed files into the project: each file whole, and all of them or none.

A list of the changes is written first, then each new text beside its file, forced to the disk; then
each replaces its file. Whoever is killed in between leaves the list: the next `loopcheck fix`
finishes the work if all texts are there, else it takes them away.
"""

import hashlib
import json
import os
import stat
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

SUFFIX = ".loopcheck-fix"
LIST = f".pending{SUFFIX}"
Changes = Mapping[Path, tuple[bytes, bytes]]  # by file: before, after


class WriteError(Exception):
    """One line on why nothing was written."""


def write(root: Path, changes: Changes) -> None:
    """Write *changes* to files in *root*; raise `WriteError` if one can't be written: none is."""
    pending, replaced = root / LIST, []
    try:
        _check(changes)
        _write_list(pending, changes)
        for file, (_, after) in changes.items():
            _write_beside(file, after)
        _check(changes)
        for file in changes:
            os.replace(_beside(file), file)
            replaced.append(file)
    except BaseException as error:
        for file in replaced:
            _write_beside(file, changes[file][0])
            os.replace(_beside(file), file)
        for file in changes:
            _remove(_beside(file))
        _remove(pending)
        if isinstance(error, OSError):
            where = f"{error.filename}: " if error.filename else ""
            raise WriteError(f"{where}{error.strerror or error}. Nothing was changed.") from None
        raise
    _remove(pending)


def finish(root: Path) -> list[Path]:
    """Finish a write into *root* that was killed, or take it back; return the files written."""
    pending = root / LIST
    try:
        known = json.loads(pending.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return []
    left = [(root / name, was, will) for name, was, will in known if _sha(root / name) != will]
    # A file that somebody has changed since then stays as it is, and so do all the others.
    whole = all(_sha(file) == was and _sha(_beside(file)) == will for file, was, will in left)
    for file, _, _ in left:
        if whole:
            os.replace(_beside(file), file)
        _remove(_beside(file))
    _remove(pending)
    return [file for file, _, _ in left] if whole else []


def _check(changes: Changes) -> None:
    for file, (before, _) in changes.items():
        if file.read_bytes() != before:
            raise WriteError(
                f"{file} has changed while the fix was tried. Nothing was changed. Try again."
            )
        if not os.access(file, os.W_OK):
            raise PermissionError(13, "the file is read-only", str(file))


def _beside(file: Path) -> Path:
    return file.with_name(f".{file.name}{SUFFIX}")


def _write_beside(file: Path, data: bytes) -> None:
    """Write *data* into a new file in the folder of *file*, on the disk, with its permissions."""
    place = _beside(file)
    _remove(place)  # of a run that was killed
    _write_through(place, data)
    place.chmod(stat.S_IMODE(file.stat().st_mode))


def _write_list(pending: Path, changes: Changes) -> None:
    known = [
        (os.path.relpath(file, pending.parent), _digest(before), _digest(after))
        for file, (before, after) in changes.items()
    ]
    new = pending.with_name(f"{LIST}.new")
    _remove(new)
    try:
        _write_through(new, json.dumps(known).encode())
        os.replace(new, pending)  # the list is whole, or it is not there
    finally:
        _remove(new)


def _write_through(place: Path, data: bytes) -> None:
    with open(place, "xb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _remove(place: Path) -> None:
    with suppress(OSError):
        place.unlink()


def _sha(file: Path) -> str:
    try:
        return _digest(file.read_bytes())
    except OSError:
        return ""


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
