"""The settings that decide how async tests run in a folder, and which of them are outdated."""

from __future__ import annotations

import os
import shlex
from collections.abc import Iterator
from difflib import get_close_matches
from itertools import zip_longest
from pathlib import Path

from loopcheck.labels import Labels, plain
from loopcheck.records import SCOPES, ConfigRecord
from loopcheck.runner import installed, wide_loop_scopes, written_fixtures
from loopcheck.runner.ini_files import (
    Settings,
    line_of_section,
    line_of_setting,
    read_settings,
)
from loopcheck.source import modules

MODE, DEBUG = "asyncio_mode", "asyncio_debug"
FIXTURES, TESTS = "asyncio_default_fixture_loop_scope", "asyncio_default_test_loop_scope"
DEFAULTS = {MODE: "strict", FIXTURES: "the fixture's own scope", TESTS: "function"}
VALID = {MODE: ("auto", "strict"), FIXTURES: (*SCOPES, "fixture-scope"), TESTS: SCOPES}
KNOWN = (MODE, DEBUG, FIXTURES, TESTS, "anyio_mode", "timeout")

# The modes that report the same fault in a run.
UNKNOWN_CONFIG, EVENT_LOOP = "LC304", "LC302"
CONFTESTS = 50  # files to search for fixtures that pytest-asyncio has removed


def read_config(folder: Path, labels: Labels) -> tuple[ConfigRecord, ...]:
    """Return settings, their overrides, and versions, as pytest would find them in *folder*."""
    versions = installed.versions()
    return (
        *read_project(folder, labels, versions),
        *installed.read_process(),
        *installed.read_versions(versions),
    )


def read_project(
    folder: Path, labels: Labels, versions: dict[str, str]
) -> tuple[ConfigRecord, ...]:
    """Return how *folder* configures its async tests, with these *versions* installed.

    If pytest itself is not installed, the tests run in another environment, and this one may be a
    linter's. Then plugins are unknown, and no setting is blamed for a missing one.
    """
    settings = read_settings(folder, installed.numbers(versions.get("pytest", "")) or (9,))
    elsewhere = "pytest" not in versions
    has_asyncio = elsewhere or "pytest-asyncio" in versions
    has_timeout = elsewhere or installed.version("pytest-timeout") is not None
    return (
        *_files(settings, labels),
        *(_settings(settings, labels, folder) if has_asyncio else ()),
        *_strange(settings, labels, has_asyncio, has_timeout),
        *_loop_fixtures(folder, labels, versions),
    )


# Files


def _files(settings: Settings, labels: Labels) -> Iterator[ConfigRecord]:
    read = labels.file(str(settings.file)) if settings.file else None
    yield ConfigRecord(name="settings", value=read or "no file: all defaults")
    for file in settings.ignored:
        advice = f"pytest reads {read} and nothing else: move the settings there."
        yield _file_at_fault(file, "ignored", advice, labels)
    for file in settings.misplaced:
        advice = "pytest refuses to run: say [tool:pytest] instead of [pytest]."
        yield _file_at_fault(file, "[pytest]", advice, labels)
    for file in settings.broken:
        advice = "pytest refuses to run: mend its syntax."
        yield _file_at_fault(file, "not readable", advice, labels)


def _file_at_fault(file: Path, value: str, advice: str, labels: Labels) -> ConfigRecord:
    return ConfigRecord(
        name="settings",
        value=value,
        said_in=labels.file(str(file)),
        advice=advice,
        line=line_of_section(file),
        code=UNKNOWN_CONFIG,
    )


# Settings


def _settings(settings: Settings, labels: Labels, folder: Path) -> Iterator[ConfigRecord]:
    for name, default in DEFAULTS.items():
        value, said_in, line = _said(name, settings, labels)
        unset = name == FIXTURES and value is None
        refused = _advice(name, value)
        yield ConfigRecord(
            name=name,
            value=plain(value) if value is not None else default,
            said_in=said_in,
            advice=_fixture_loop_advice(settings, folder, labels) if unset else refused,
            line=line if refused else None,
            code=UNKNOWN_CONFIG if refused else None,
        )


def _fixture_loop_advice(settings: Settings, folder: Path, labels: Labels) -> str | None:
    """Return how to set FIXTURES without moving a fixture to another loop; None if unknown."""
    auto = _said(MODE, settings, labels)[0] == "auto"
    wide = wide_loop_scopes.find_wide_async_fixtures(folder, labels, auto=auto)
    if wide is None or any(one.scope is None for one in wide):
        return None
    default = "A later pytest-asyncio defaults to function."
    if not wide:
        return f"{default} Set {FIXTURES} = function: no async fixture here relies on the default."
    shown = "; ".join(map(_with_loop_scope, wide[:3]))
    rest = f" and {len(wide) - 3} more" if len(wide) > 3 else ""
    return (
        f"{default} Keep today's loops: first give {shown}{rest}; then set {FIXTURES} = function."
    )


def _with_loop_scope(one: wide_loop_scopes.WideFixture) -> str:
    by = f'pytest_asyncio.fixture(scope="{one.scope}", ' if one.of_pytest else ""
    return f'{one.name} ({one.place}): {by}loop_scope="{one.scope}"{")" if by else ""}'


def _said(
    name: str, settings: Settings, labels: Labels
) -> tuple[str | None, str | None, int | None]:
    """Return the value of *name*, the file or variable that sets it, and its line in the file.

    The last one wins, as in pytest.
    """
    options = os.environ.get("PYTEST_ADDOPTS", "")
    if (value := _option(name, options)) is not None:
        return value, "PYTEST_ADDOPTS", None
    if settings.file is None:
        return None, None, None
    file = labels.file(str(settings.file))
    if (value := _option(name, settings.values.get("addopts", ""))) is not None:
        return value, f"addopts in {file}", line_of_setting(settings.file, "addopts")
    found = settings.values.get(name)
    if found in (None, ""):
        return None, None, None
    return str(found), file, line_of_setting(settings.file, name)


def _option(name: str, options: object) -> str | None:
    """Return the value that `--asyncio-mode=…` or `-o name=…` sets; other options are not read."""
    words = [str(one) for one in options] if isinstance(options, list) else _split(str(options))
    flags = ("--" + name.replace("_", "-"), f"-o{name}", f"--override-ini={name}")
    found = None
    for word, following in zip_longest(words, words[1:], fillvalue=""):
        flag, equals, value = word.rpartition("=") if "=" in word else (word, "", "")
        if flag in flags and equals:
            found = value
        elif word == flags[0]:
            found = following
        elif word in ("-o", "--override-ini") and following.startswith(f"{name}="):
            found = following.partition("=")[2]
    return found


def _split(options: str) -> list[str]:
    try:
        return shlex.split(options)
    except ValueError:  # unclosed quote
        return options.split()


def _advice(name: str, value: str | None) -> str | None:
    if value is None or value in VALID[name]:
        return None
    near = get_close_matches(value, VALID[name], n=1)
    meant = near[0] if near else "auto" if value == "legacy" else ""
    words = ", ".join(VALID[name])
    return f"Say {meant}: pytest refuses {plain(value)}." if meant else f"Say one of: {words}."


def _strange(
    settings: Settings, labels: Labels, has_asyncio: bool, has_timeout: bool
) -> Iterator[ConfigRecord]:
    if settings.file is None:
        return
    for name, value in sorted(settings.values.items(), key=lambda item: item[0]):
        if (advice := _stranger(name, has_asyncio, has_timeout)) is not None:
            yield ConfigRecord(
                name=name,
                value=plain(str(value)),
                said_in=labels.file(str(settings.file)),
                advice=advice,
                line=line_of_setting(settings.file, name),
                code=UNKNOWN_CONFIG,
            )


def _stranger(name: str, has_asyncio: bool, has_timeout: bool) -> str | None:
    if name == "asyncio_fixture_timeout":
        return "No plugin reads it: delete it. pytest-timeout reads timeout = 5."
    if name == "timeout" and not has_timeout:
        return "Nobody reads it: install pytest-timeout."
    if name in KNOWN:
        ours = name.startswith("asyncio_") and not has_asyncio
        return "Nobody reads it: install pytest-asyncio." if ours else None
    near = get_close_matches(name, KNOWN, n=1, cutoff=0.8)
    if near:
        return f"pytest does not know it: say {near[0]}."
    return "No version of pytest-asyncio knows it." if name.startswith("asyncio_") else None


# Outdated fixtures


def _loop_fixtures(
    folder: Path, labels: Labels, versions: dict[str, str]
) -> Iterator[ConfigRecord]:
    """Yield the fixtures called `event_loop`, loaded or in a conftest.py of *folder*."""
    # An older pytest-asyncio runs on that fixture's loop: removing it there would change outcomes.
    if installed.numbers(versions.get("pytest-asyncio", "")) < (1,):
        return
    loaded = [file for s in modules.spaces() if "event_loop" in s.held for file in s.files()]
    for file in dict.fromkeys([*_conftests(folder), *loaded]):
        for one in written_fixtures.fixtures_in(file):
            if one.node.name == "event_loop":
                scope = one.scope if one.scope in SCOPES else "function"
                yield ConfigRecord(
                    name="event_loop fixture",
                    value=f"{scope} scope",
                    said_in=f"{labels.file(file)}:{one.node.lineno}",
                    code=EVENT_LOOP,
                    advice="pytest-asyncio 1.0 took it away: delete it, and say "
                    f'loop_scope="{scope}" in the marks and fixtures that need it.',
                )


def _conftests(folder: Path) -> list[str]:
    try:
        files = sorted([*folder.glob("conftest.py"), *folder.glob("*/conftest.py")])
    except OSError:
        return []
    return [str(file) for file in files[:CONFTESTS]]
