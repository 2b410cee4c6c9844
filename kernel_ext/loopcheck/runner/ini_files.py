"""Finds the file from which pytest takes its settings, and those it ignores, without pytest."""

from __future__ import annotations

import configparser
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path

from loopcheck.light import frozen
from loopcheck.source.settings_names import NAMES

Values = Mapping[str, object]

# The first file with a section wins; these even without one.
ALWAYS = frozenset(NAMES[:4])


@frozen
class Settings:
    """What pytest reads when started in a folder."""

    file: Path | None = None
    values: Values
    ignored: tuple[Path, ...] = ()  # these have a section for pytest too
    broken: tuple[Path, ...] = ()  # unparsable
    misplaced: tuple[Path, ...] = ()  # a setup.cfg with [pytest]: pytest refuses to run


def read_settings(folder: Path, pytest: tuple[int, ...]) -> Settings:
    """Return the settings for *folder*; *pytest* is its version, since 9 reads more files."""
    names = NAMES if pytest >= (9,) else NAMES[2:]
    broken: list[Path] = []
    for base in (folder, *folder.parents):
        read = [(base / name, _section(base / name, pytest, broken)) for name in names]
        here = [(file, values) for file, values in read if values is not None]
        if here:
            (file, values), *others = here
            return Settings(
                file=file,
                values=values,
                ignored=tuple(other for other, _ in others),
                broken=tuple(broken),
                misplaced=_misplaced(base),
            )
    return Settings(values={}, broken=tuple(broken), misplaced=_misplaced(folder))


def line_of_setting(file: Path, name: str) -> int:
    """Return the line of *file* that sets *name*; 1 if none does."""
    return _line(file, rf'^\s*"?{re.escape(name)}"?\s*=')


def line_of_section(file: Path) -> int:
    """Return the line of *file* with the header of pytest's section; 1 if it has none."""
    return _line(file, r"^\s*\[(?:tool[.:])?pytest(?:\.ini_options)?\]")


def _line(file: Path, pattern: str) -> int:
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return 1
    return next((at for at, line in enumerate(lines, 1) if re.match(pattern, line)), 1)


def _section(file: Path, pytest: tuple[int, ...], broken: list[Path]) -> Values | None:
    """Return pytest's settings in *file*, None if it has none."""
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return None
    try:
        if file.suffix == ".toml":
            found = _toml(file.name, tomllib.loads(text), pytest)
        else:
            found = _ini(text).get("tool:pytest" if file.suffix == ".cfg" else "pytest")
    except (configparser.Error, tomllib.TOMLDecodeError):
        broken.append(file)
        return None
    return {} if found is None and file.name in ALWAYS else found


def _toml(name: str, said: Mapping[str, object], pytest: tuple[int, ...]) -> Values | None:
    if name != "pyproject.toml":
        return _table(said.get("pytest"))
    table = _table((_table(said.get("tool")) or {}).get("pytest")) or {}
    own = {key: value for key, value in table.items() if key != "ini_options"}
    if own and pytest >= (9,):  # older versions ignore [tool.pytest] silently
        return own
    return _table(table.get("ini_options"))


def _table(found: object) -> Values | None:
    return found if isinstance(found, dict) else None


def _ini(text: str) -> dict[str, Values]:
    parser = configparser.RawConfigParser(strict=False, allow_no_value=True)
    parser.optionxform = str  # type: ignore[assignment,method-assign]  # keep upper case
    parser.read_string(text)
    return {name: dict(parser.items(name)) for name in parser.sections()}


def _misplaced(folder: Path) -> tuple[Path, ...]:
    file = folder / "setup.cfg"
    try:
        sections = _ini(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, configparser.Error):
        return ()
    return (file,) if "pytest" in sections and "tool:pytest" not in sections else ()
