"""A temporary copy of a project: what git tracks, and what it neither tracks nor ignores.

Virtual environments and servers are used from where they are. Without git, a walk leaves out what
tools make anew.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from loopcheck.children import temporary_folders
from loopcheck.source.settings_names import NAMES

PREFIX = "loopcheck-fix-"
MOST_FILES, MOST_BYTES = 50_000, 500 * 1024 * 1024
MOST_IGNORED = 1024 * 1024  # bytes of one ignored file: `_version.py`, `.env`, a built extension
GIT_SECONDS = 60
MADE_ANEW = frozenset(
    {"__pycache__", ".git", ".hg", ".svn", ".tox", ".nox", ".eggs", ".venv", "venv"}
    | {"node_modules", ".mypy_cache", ".ruff_cache", ".hypothesis", ".ipynb_checkpoints"}
)
LAST_FAILED = ".pytest_cache/v/cache/lastfailed"  # what `--lf` reads


class CopyError(Exception):
    """One line on why the project can't be copied."""


@dataclass(frozen=True, slots=True)
class ProjectCopy:
    """A project and its copy."""

    root: Path
    folder: Path

    def inside(self, path: Path) -> Path:
        """Return where the copy has *path* of the project; *path* itself if it is elsewhere."""
        if path.is_relative_to(self.root):
            return self.folder / path.relative_to(self.root)
        return path

    def outside(self, path: Path) -> Path:
        """Return which path of the project *path* is the copy of."""
        if path.is_relative_to(self.folder):
            return self.root / path.relative_to(self.folder)
        return path


def root_of(folder: Path) -> Path:
    """Return the root of the project around *folder*: git's, else where a settings file is."""
    said = _git(folder, "rev-parse", "--show-toplevel")
    if said:
        return Path(os.fsdecode(said.rstrip(b"\r\n"))).resolve()
    around = (folder, *folder.parents)
    return next((one for one in around if any((one / name).is_file() for name in NAMES)), folder)


@contextmanager
def copied(root: Path) -> Iterator[ProjectCopy]:
    """Yield a copy of the project in *root*; it is removed afterwards, however this ends."""
    temporary_folders.sweep(PREFIX)  # those of processes that were killed
    with temporary_folders.Folder(PREFIX) as home:
        folder = home / (root.name or "project")  # tests may read the name of their folder
        folder.mkdir()
        _copy(root, folder)
        yield ProjectCopy(root, folder)


def _copy(root: Path, folder: Path) -> None:
    size = 0
    for count, name in enumerate(files_of(root), 1):
        was, made = root / name, folder / name
        with suppress(FileNotFoundError):  # deleted, but not yet in git; or gone meanwhile
            size += was.lstat().st_size
            if count > MOST_FILES or size > MOST_BYTES:
                raise CopyError(
                    f"{root} is too large to copy: more than {MOST_BYTES // 1024**2} MB or "
                    f"{MOST_FILES} files that git does not ignore. Try: loopcheck fix in the "
                    "folder of a smaller project."
                )
            made.parent.mkdir(parents=True, exist_ok=True)
            _copy_file(was, made)


def _copy_file(was: Path, made: Path) -> None:
    if was.is_symlink():
        made.symlink_to(os.readlink(was))
    elif was.is_file():  # no socket and no pipe: reading one could wait for ever
        try:
            shutil.copy2(was, made)
        except PermissionError:
            return  # who can't read it here can't in the tests
        with suppress(OSError):
            made.chmod(made.stat().st_mode | 0o200)  # it is ours to edit


def files_of(root: Path) -> Iterator[str]:
    """Yield the files that belong to the project, relative to its *root*."""
    listed = "ls-files", "-z", "--others", "--exclude-standard"
    known = _git(root, *listed, "--cached")
    if known is None:
        yield from _walked(root, "")
        return
    for name in dict.fromkeys(_names(known)):
        if (root / name).is_dir() and not (root / name).is_symlink():  # a submodule
            yield from _walked(root, name.rstrip("/"))
        else:
            yield name
    # Ignored folders hold what tools make anew; single ignored files are often needed to import.
    ignored = _git(
        root, "ls-files", "-z", "--others", "--ignored", "--exclude-standard", "--directory"
    )
    for name in _names(ignored or b""):
        if not name.endswith("/") and _is_small(root / name):
            yield name
    if (root / LAST_FAILED).is_file():
        yield LAST_FAILED


def _names(said: bytes) -> list[str]:
    return [os.fsdecode(name) for name in said.split(b"\0") if name]


def _is_small(file: Path) -> bool:
    try:
        return file.lstat().st_size <= MOST_IGNORED and file.suffix != ".pyc"
    except OSError:
        return False


def _walked(root: Path, start: str) -> Iterator[str]:
    """Yield the files below *start*, without environments and caches."""
    for place, folders, files in os.walk(root / start):
        here = Path(place)
        folders[:] = sorted(
            name
            for name in folders
            if name not in MADE_ANEW and not (here / name / "pyvenv.cfg").is_file()
        )
        for name in sorted(files):
            if not name.endswith((".pyc", ".pyo")):
                yield (here / name).relative_to(root).as_posix()
        for name in [*folders]:
            if (here / name).is_symlink():  # os.walk does not follow it
                folders.remove(name)
                yield (here / name).relative_to(root).as_posix()


def _git(folder: Path, *words: str) -> bytes | None:
    """Return what git says; None if it is missing, or *folder* is in no repository."""
    quiet = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    try:
        done = subprocess.run(
            ("git", "-C", str(folder), *words),
            env=quiet | {"GIT_OPTIONAL_LOCKS": "0", "LC_ALL": "C"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=GIT_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout if done.returncode == 0 else None


def import_paths(copy: ProjectCopy) -> list[str]:
    """Return what the copy's tests import from, where this Python has paths of the project.

    An editable install leads to the project itself: without these paths, the tests of the copy
    would run its code, and no edit of it would count.
    """
    mapped = (copy.inside(path) for path in _own_paths(copy.root))
    return [str(path) for path in dict.fromkeys(mapped) if path.is_dir()]


def _own_paths(root: Path) -> Iterator[Path]:
    for said in sys.path[1:]:  # the first is the folder of the script
        path = Path(said).resolve()
        if said and path.is_relative_to(root):
            yield path
    for finder in sys.meta_path:  # setuptools makes one for each editable install
        module = sys.modules.get(getattr(finder, "__module__", None) or "")
        mapping = getattr(module, "MAPPING", None)
        for name, said in mapping.items() if isinstance(mapping, dict) else ():
            path = Path(str(said)).resolve()
            if path.is_relative_to(root) and path.stem == str(name).rpartition(".")[2]:
                yield path.parent
