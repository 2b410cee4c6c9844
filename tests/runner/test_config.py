"""Settings are found where pytest finds them, and what is out of date says what to say instead."""

import asyncio
import sys
import warnings
from collections.abc import Callable
from importlib import metadata
from itertools import combinations
from pathlib import Path
from textwrap import dedent
from types import ModuleType

import pytest
from _pytest.config.findpaths import locate_config

from loopcheck.labels import Labels
from loopcheck.records import ConfigRecord
from loopcheck.runner.config import read_config

INI = "[pytest]\nasyncio_mode = {}\n"
SAID = {
    "pytest.toml": '[pytest]\nasyncio_mode = "{}"\n',
    ".pytest.toml": '[pytest]\nasyncio_mode = "{}"\n',
    "pytest.ini": INI,
    ".pytest.ini": INI,
    "pyproject.toml": '[tool.pytest.ini_options]\nasyncio_mode = "{}"\n',
    "tox.ini": INI,
    "setup.cfg": "[tool:pytest]\nasyncio_mode = {}\n",
}
SILENT = {"pyproject.toml": "[project]\nname = 'x'\n", "tox.ini": "[tox]\n", "setup.cfg": "[x]\n"}


@pytest.fixture(autouse=True)
def nothing_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PYTEST_ADDOPTS", raising=False)
    monkeypatch.delitem(sys.modules, "ipytest._config", raising=False)  # other tests use it


def read(folder: Path) -> list[ConfigRecord]:
    return list(read_config(folder, Labels(folder.as_posix())))


def one(folder: Path, name: str) -> ConfigRecord:
    [found] = [record for record in read(folder) if record.name == name]
    return found


def write(folder: Path, **files: str) -> None:
    for name, text in files.items():
        path = folder / name.replace("__", "/").replace("_", ".", 1)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dedent(text), encoding="utf-8")


# Which file


PAIRS = list(combinations(SAID, 2))


@pytest.mark.parametrize(("first", "second"), PAIRS, ids=["-".join(pair) for pair in PAIRS])
@pytest.mark.parametrize("silent", [False, True], ids=["both", "one silent"])
def test_the_file_is_the_one_that_pytest_takes(
    first: str, second: str, silent: bool, tmp_path: Path
) -> None:
    (tmp_path / first).write_text(SILENT.get(first, "") if silent else SAID[first].format("auto"))
    (tmp_path / second).write_text(SAID[second].format("auto"))
    _, file, values, ignored = locate_config(tmp_path, [])
    settings, *others = [record for record in read(tmp_path) if record.name == "settings"]
    assert file is not None
    assert settings.value == file.name
    assert [record.said_in for record in others] == list(ignored)
    assert one(tmp_path, "asyncio_mode").value == ("auto" if values else "strict")


def test_a_folder_takes_the_settings_of_one_above(tmp_path: Path) -> None:
    (tmp_path / "tox.ini").write_text(INI.format("auto"))
    (tmp_path / "tests" / "unit").mkdir(parents=True)
    (tmp_path / "tests" / "pyproject.toml").write_text(SILENT["pyproject.toml"])
    found = one(tmp_path / "tests" / "unit", "asyncio_mode")
    assert (found.value, found.said_in) == ("auto", (tmp_path / "tox.ini").as_posix())


def test_a_second_file_says_that_nobody_reads_it(tmp_path: Path) -> None:
    write(tmp_path, pytest_ini="[pytest]\n", pyproject_toml=SAID["pyproject.toml"].format("auto"))
    [_, ignored] = [record for record in read(tmp_path) if record.name == "settings"]
    assert ignored.said_in == "pyproject.toml"
    assert ignored.advice == "pytest reads pytest.ini and nothing else: move the settings there."
    assert one(tmp_path, "asyncio_mode").value == "strict"


def test_a_table_of_pytest_9_is_read_and_not_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, pyproject_toml='[tool.pytest]\nasyncio_mode = "auto"\n')
    assert one(tmp_path, "asyncio_mode").value == "auto"
    pretend(monkeypatch, pytest="8.3.5")
    assert one(tmp_path, "asyncio_mode").value == "strict"


@pytest.mark.parametrize(
    ("name", "text", "advice"),
    [
        ("setup_cfg", "[pytest]\nasyncio_mode = auto\n", "say [tool:pytest] instead of [pytest]"),
        ("pytest_ini", "asyncio_mode = auto\n", "mend its syntax"),
        ("pyproject_toml", "[tool.pytest\n", "mend its syntax"),
    ],
)
def test_a_file_that_pytest_refuses_says_what_to_change(
    name: str, text: str, advice: str, tmp_path: Path
) -> None:
    write(tmp_path, **{name: text})
    [said] = [record.advice for record in read(tmp_path) if record.advice and record.said_in]
    assert advice in said


# Values


def test_defaults_say_so_and_where_they_will_change(tmp_path: Path) -> None:
    found = {record.name: (record.value, record.said_in) for record in read(tmp_path)}
    assert found["asyncio_mode"] == ("strict", None)
    assert found["asyncio_default_test_loop_scope"] == ("function", None)
    scope = one(tmp_path, "asyncio_default_fixture_loop_scope")
    assert scope.advice is not None
    assert "Set asyncio_default_fixture_loop_scope = function" in scope.advice


def test_a_complete_file_needs_no_advice(tmp_path: Path) -> None:
    write(
        tmp_path,
        pytest_ini="""
        [pytest]
        asyncio_mode = auto
        asyncio_default_fixture_loop_scope = function
        asyncio_default_test_loop_scope = module
        """,
    )
    assert [record for record in read(tmp_path) if record.advice] == []


@pytest.mark.parametrize(
    ("options", "value"),
    [
        ("--asyncio-mode=auto", "auto"),
        ("-q --asyncio-mode auto -x", "auto"),
        ("-o asyncio_mode=auto", "auto"),
        ("--override-ini=asyncio_mode=auto", "auto"),
        ("--asyncio-mode=strict --asyncio-mode=auto", "auto"),
        ("-k 'asyncio-mode=auto", "strict"),
        ("", "strict"),
    ],
)
def test_options_win_over_the_file(
    options: str, value: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, pytest_ini=f"[pytest]\nasyncio_mode = strict\naddopts = {options}\n")
    assert one(tmp_path, "asyncio_mode").value == value
    write(tmp_path, pytest_ini="[pytest]\nasyncio_mode = strict\n")
    monkeypatch.setenv("PYTEST_ADDOPTS", f"{options} -p no:x --token=hunter2")
    found = one(tmp_path, "asyncio_mode")
    assert found.value == value
    assert (found.said_in == "PYTEST_ADDOPTS") is (value == "auto")
    assert "hunter2" not in str(read(tmp_path))


@pytest.mark.parametrize(
    ("name", "value", "advice"),
    [
        ("asyncio_mode", "automatic", "Say auto: pytest refuses automatic."),
        ("asyncio_mode", "legacy", "Say auto: pytest refuses legacy."),
        ("asyncio_mode", "on", "Say one of: auto, strict."),
        (
            "asyncio_default_fixture_loop_scope",
            "funtcion",
            "Say function: pytest refuses funtcion.",
        ),
        (
            "asyncio_defualt_test_loop_scope",
            "module",
            "pytest does not know it: say asyncio_default_test_loop_scope.",
        ),
        (
            "asyncio_fixture_timeout",
            "10",
            "No plugin reads it: delete it. pytest-timeout reads timeout = 5.",
        ),
        ("asyncio_colour", "red", "No version of pytest-asyncio knows it."),
        ("timeout", "5", "Nobody reads it: install pytest-timeout."),
        ("testpaths", "tests", None),
    ],
)
def test_what_is_wrong_says_what_to_say_instead(
    name: str, value: str, advice: str | None, tmp_path: Path
) -> None:
    scope = "asyncio_default_fixture_loop_scope"
    rest = "" if name == scope else f"{scope} = function\n"
    write(tmp_path, pytest_ini=f"[pytest]\n{rest}{name} = {value}\n")
    said = [(record.name, record.advice) for record in read(tmp_path) if record.advice]
    assert said == ([(name, advice)] if advice else [])


# What it comes from


def pretend(monkeypatch: pytest.MonkeyPatch, **versions: str | None) -> None:
    """Let `importlib.metadata` tell these versions; None is not installed."""
    real = metadata.version

    def version(name: str) -> str:
        said = versions.get(name.replace("-", "_"), "")
        if said is None:
            raise metadata.PackageNotFoundError(name)
        return said or real(name)

    monkeypatch.setattr(metadata, "version", version)


def test_versions_are_those_installed_and_nothing_is_imported(tmp_path: Path) -> None:
    before = set(sys.modules)
    found = {record.name: record.value for record in read(tmp_path)}
    assert found["pytest"] == pytest.__version__
    assert {"Python", "pytest-asyncio", "valkey", "asyncpg"} <= found.keys()
    assert set(sys.modules) == before


@pytest.mark.parametrize(
    ("name", "version", "advice"),
    [
        ("pytest-asyncio", "0.23.8", "upgrade to 1.0"),
        ("pytest-asyncio", "1.0.0a1", None),
        ("pytest", "8.3.5", "upgrade to 8.4"),
        ("pytest", "10.1", None),
    ],
)
def test_old_versions_say_what_they_do_differently(
    name: str, version: str, advice: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pretend(monkeypatch, **{name.replace("-", "_"): version})
    found = one(tmp_path, name)
    assert found.value == version
    assert (advice or "") in (found.advice or "")
    assert (found.advice is None) is (advice is None)


def test_settings_that_no_plugin_reads_say_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, pytest_ini=INI.format("auto"))
    pretend(monkeypatch, pytest_asyncio=None)
    assert one(tmp_path, "asyncio_mode").advice == "Nobody reads it: install pytest-asyncio."
    assert one(tmp_path, "pytest-asyncio").value == "not installed"


OLD = """
import pytest_asyncio

@pytest_asyncio.fixture(scope="session")
def event_loop():
    yield
"""


def test_an_event_loop_fixture_is_named_with_its_line(
    tmp_path: Path, load: Callable[[str, str], ModuleType]
) -> None:
    write(tmp_path, tests__conftest_py=OLD)
    load("shop_fixtures", OLD)
    found = [record for record in read(tmp_path) if record.name == "event_loop fixture"]
    assert [record.said_in for record in found] == ["tests/conftest.py:5", "shop_fixtures.py:4"]
    assert found[0].value == "session scope"
    assert 'loop_scope="session"' in (found[0].advice or "")


def test_another_function_called_event_loop_is_left_alone(tmp_path: Path) -> None:
    write(tmp_path, conftest_py="def event_loop(): ...\nfixture = event_loop\n")
    assert not [record for record in read(tmp_path) if record.name == "event_loop fixture"]


def test_a_policy_is_named_and_none_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Policy:
        pass

    monkeypatch.setattr(asyncio.events, "_event_loop_policy", None)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert not [record for record in read(tmp_path) if record.name == "event loop policy"]
        assert asyncio.events._event_loop_policy is None  # type: ignore[attr-defined]
        monkeypatch.setattr(asyncio.events, "_event_loop_policy", Policy())
        assert one(tmp_path, "event loop policy").value.endswith("Policy")


def test_a_patched_asyncio_and_ipytest_without_a_thread_are_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ipytest = ModuleType("ipytest._config")
    vars(ipytest)["current_config"] = {"run_in_thread": False}
    monkeypatch.setitem(sys.modules, "ipytest._config", ipytest)
    monkeypatch.setattr(asyncio, "_nest_patched", True, raising=False)
    names = {record.name for record in read(tmp_path) if record.advice}
    assert {"nest_asyncio", "%%ipytest"} <= names
