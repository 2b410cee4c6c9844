"""Settings that pytest never reads: in another file, another section, or under another name.

It also finds the line that sets auto mode, if that is one mode too many.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from loopcheck.labels import Labels
from loopcheck.records import Place, SettingRecord
from loopcheck.runner.ini_files import ALWAYS
from loopcheck.runner.loop_scopes import said
from loopcheck.source.settings_names import NAMES

MODE, ANYIO = "asyncio_mode", "anyio_mode"
SCOPES = ("asyncio_default_test_loop_scope", "asyncio_default_fixture_loop_scope")
LINE = re.compile(r"""^\s*"?([\w-]+)"?\s*=\s*["']?auto["']?\s*([#;].*)?$""")
SCOPE = re.compile(
    r"""^\s*"?([\w-]+)"?\s*=\s*["']?(class|module|package|session)["']?\s*([#;].*)?$"""
)
OPTION = re.compile(r"--asyncio-mode[= ]auto\b")
DEEPEST = 20  # folders between a test and the root


def auto(item: Any, labels: Labels, mode: str = MODE) -> Iterator[SettingRecord]:
    """Yield the lines at or above *item* that request auto *mode*, though it is strict."""
    if item.config.getoption(mode, None):
        return  # the command line wins over all files
    for file, number, line in _settings(item):
        name = _name(line, mode)
        if name is not None:
            place = Place(labels.file(str(file)), number, name)
            yield SettingRecord(
                name=name,
                place=place,
                read=file == item.config.inipath,
                meant=mode,
                section=_section(file),
                looked=_looked(file, item.config),
            )


def auto_at(item: Any, labels: Labels) -> Place | None:
    """Return the line that sets this run's auto mode, None if the command line may do so."""
    read = item.config.inipath
    if item.config.getoption(MODE, None) or read is None:
        return None
    lines = [
        Place(labels.file(str(read)), number, MODE)
        for number, line in enumerate(_lines(read), 1)
        if _name(line, MODE) in (MODE, "--asyncio-mode")
    ]
    return lines[0] if len(lines) == 1 else None


def scopes(item: Any, labels: Labels) -> Iterator[SettingRecord]:
    """Yield the lines at or above *item* that request a loop scope other than the default one."""
    for file, number, line in _settings(item):
        found = SCOPE.match(line)
        for meant in _meant(found[1].replace("-", "_")) if found else ():
            if found is None or not _unset(item.config, meant) or _marked(item, meant):
                continue
            yield SettingRecord(
                name=found[1],
                place=Place(labels.file(str(file)), number, found[1]),
                read=file == item.config.inipath,
                meant=meant,
                value=found[2],
                section=_section(file),
                looked=_looked(file, item.config),
            )


def _marked(item: Any, meant: str) -> bool:
    """Return whether a mark sets the loop scope of the test: it would win over the setting."""
    mark = item.get_closest_marker("asyncio") if meant == SCOPES[0] else None
    return mark is not None and said(mark) is not None


def _meant(name: str) -> tuple[str, ...]:
    """Return the settings that *name* may mean: all that contain its words, else the nearest."""
    words = set(name.split("_"))
    some = name not in SCOPES and {"asyncio", "scope"} < words
    fits = tuple(one for one in SCOPES if some and words <= set(one.split("_")))
    return fits or tuple(get_close_matches(name, SCOPES, 1, 0.88))


def _looked(file: Path, config: Any) -> bool:
    """Return whether pytest opened *file* to find its section: some files need none."""
    return config.inipath is None and file.parent == config.rootpath and file.name not in ALWAYS


def _unset(config: Any, name: str) -> bool:
    """Return whether this pytest-asyncio knows the setting, and no file in use sets it."""
    try:
        return config.getini(name) in (None, "", "function")
    except (KeyError, ValueError):
        return False


def _settings(item: Any) -> Iterator[tuple[Path, int, str]]:
    """Yield the lines of the configuration files at or above *item*."""
    for folder in _folders(Path(item.path).parent, item.config):
        for file in (folder / name for name in NAMES):
            for number, line in enumerate(_lines(file), 1):
                yield file, number, line


def _folders(inner: Path, config: Any) -> list[Path]:
    """Return the folders down to *inner*, from the root or from the start folder above it.

    A configuration file in a folder between them makes that folder the root; a file named by `-c`
    does so anywhere.
    """
    starts = {Path(config.rootpath), Path(config.invocation_params.dir)}
    folders = [inner, *inner.parents][:DEEPEST]
    outermost = max((folders.index(one) for one in starts if one in folders), default=-1)
    return folders[outermost::-1] if outermost >= 0 else []


def _section(file: Path) -> str:
    if file.name == "pyproject.toml":
        new = "[tool.pytest]" in map(str.strip, _lines(file))
        return "[tool.pytest]" if new and _reads_new() else "[tool.pytest.ini_options]"
    return "[tool:pytest]" if file.name == "setup.cfg" else "[pytest]"


def _reads_new() -> bool:
    """Return whether pytest reads `[tool.pytest]`: versions before 9 ignore it."""
    return getattr(sys.modules.get("pytest"), "version_tuple", (9,)) >= (9,)


def _lines(file: Path) -> list[str]:
    try:
        return file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return []


def _name(line: str, mode: str) -> str | None:
    """Return the name that *line* sets to `auto`, if *mode* is meant."""
    found = LINE.match(line)
    near = get_close_matches(found[1].replace("-", "_"), (MODE, ANYIO), 1, 0.8) if found else []
    if found is not None and near == [mode]:
        return found[1]
    plain = line.partition("#")[0]
    return "--asyncio-mode" if mode == MODE and OPTION.search(plain) else None
