"""The files of a copy while edits are tried: applied, taken back, and known as they were before.

An edit names positions in the text that a run has read. Edits that were applied since then have
moved these positions: they are mapped through each of them.
"""

import io
import tokenize
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from loopcheck.records import Edit
from loopcheck.repair.project_copy import ProjectCopy
from loopcheck.source.changes.edited_text import in_order, offsets, replaced
from loopcheck.source.changes.source_text import NoSplice

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Step:
    """Replacements that were made together, by position in the text before them."""

    moment: int
    since: int  # the moment whose positions *edits* name
    edits: frozenset[Edit]
    made: tuple[tuple[Span, str], ...]
    before: str


@dataclass(frozen=True, slots=True)
class EditedFile:
    """A file of the copy: as it is now, and each step from what it was at first."""

    text: str
    encoding: str
    steps: tuple[Step, ...] = ()

    @property
    def first(self) -> str:
        return self.steps[0].before if self.steps else self.text

    def at(self, moment: int) -> str:
        """Return its text as it was at *moment*."""
        later = (step.before for step in self.steps if step.moment > moment)
        return next(later, self.text)

    def with_edits(self, edits: Iterable[Edit], since: int, moment: int) -> "EditedFile":
        """Return it with *edits*, whose positions are those of the moment *since*.

        An edit that was made before from there, such as a shared import, is not made twice.
        """
        later = [step for step in self.steps if step.moment > since]
        done = {edit for step in later if step.since == since for edit in step.edits}
        new = [edit for edit in edits if edit not in done]
        base = self.at(since)
        made = tuple((_moved(offsets(base, one), later), one.text) for one in in_order(new))
        step = Step(moment, since, frozenset(new), made, self.text)
        return replace(self, text=replaced(self.text, made), steps=(*self.steps, step))


def _moved(span: Span, steps: Iterable[Step]) -> Span:
    begin, end = span
    for step in steps:
        shift = 0
        for (first, last), text in step.made:
            if last <= begin:
                shift += len(text) - (last - first)
            elif first < end:
                raise NoSplice("it changes what another edit has changed")
        begin, end = begin + shift, end + shift
    return begin, end


class EditedFiles:
    """The files of a *copy* that edits change; *root* is pytest's, to which edits are relative."""

    def __init__(self, copy: ProjectCopy, root: Path) -> None:
        self.copy, self.root = copy, root
        self.moment = 0
        self._files: dict[Path, EditedFile] = {}

    def apply(self, edits: Iterable[Edit], since: int) -> None:
        """Make *edits* in the copy: all, or none if one can't be made."""
        by_file: dict[Path, list[Edit]] = {}
        for edit in edits:
            by_file.setdefault(self._path(edit.file), []).append(edit)
        made = {
            path: self._open(path).with_edits(mine, since, self.moment + 1)
            for path, mine in by_file.items()
        }
        self.moment += 1
        self._put(self._files | made)

    def state(self) -> dict[Path, EditedFile]:
        """Return what `restore` needs to come back here."""
        return dict(self._files)

    def restore(self, state: dict[Path, EditedFile]) -> None:
        """Make the copy's files what they were."""
        first = {path: EditedFile(one.first, one.encoding) for path, one in self._files.items()}
        self._put(first | state)

    def changed_since(self, state: dict[Path, EditedFile]) -> Iterator[tuple[Path, str, str]]:
        """Yield each file that differs from *state*: its path, its text then and now."""
        for path, now in sorted(self._files.items()):
            then = state[path].text if path in state else now.first
            if then != now.text:
                yield path, then, now.text

    def changes(self) -> dict[Path, tuple[bytes, bytes]]:
        """Return the project's files that differ from what they were: bytes before and after."""
        return {
            self.copy.outside(path): (_bytes(one, one.first), _bytes(one, one.text))
            for path, one in sorted(self._files.items())
            if one.first != one.text
        }

    def _path(self, name: str) -> Path:
        path = self.copy.inside(Path(name)) if Path(name).is_absolute() else self.root / name
        path = path.resolve()
        if not path.is_relative_to(self.copy.folder):
            raise NoSplice(f"{name} is not in this project")
        return path

    def _open(self, path: Path) -> EditedFile:
        if path in self._files:
            return self._files[path]
        try:
            data = path.read_bytes()
            encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
            found = EditedFile(data.decode(encoding), encoding)
        except (OSError, SyntaxError, ValueError, LookupError) as error:
            raise NoSplice(f"{path.name} can't be read: {error}") from None
        if _bytes(found, found.text) != data:
            raise NoSplice(f"{path.name} can't be written as it is: {encoding}")
        return found

    def _put(self, files: dict[Path, EditedFile]) -> None:
        for path, one in files.items():
            known = self._files.get(path)
            if known is None or known.text != one.text:
                path.write_bytes(_bytes(one, one.text))
                _forget_bytecode(path)
        self._files = files


def _bytes(file: EditedFile, text: str) -> bytes:
    return text.encode(file.encoding)


def _forget_bytecode(path: Path) -> None:
    """Remove what Python has cached of *path*: a quick change may keep the file's size."""
    for cached in (path.parent / "__pycache__").glob(f"{path.stem}.*"):
        with suppress(OSError):
            cached.unlink()
