"""Whatever is typed after a magic, a command or an option: one line at most, and no traceback."""

import json
import os
import random
import re
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import warm
from IPython.core.error import UsageError
from IPython.core.interactiveshell import InteractiveShell
from odd_words import ODD, mixed
from traitlets.config import Config
from tried import Planted

from loopcheck import plugin
from loopcheck.cli import main, typed

LONGEST = 20.0  # seconds for one line; most take a hundredth
CELLS = ["", "\n", "x = ", "\x00", "def f(:\n", "\ud800", "# file: ../x.py\n", "# file: \n", "1\n"]
CELLS += ["(" * 9_000, "-" * 90_000 + "1", "x" * 200_000, "# file: a.py\n\ud800", "{}" * 9]
FILES = [
    "",
    "# file: /x.py\n1",
    "# file: a/../../b.py\n1",
    "# file: \x00.py\n",
    "# file: a.py\n\x00",
]


@pytest.fixture(scope="module")
def shell(tmp_path_factory: pytest.TempPathFactory) -> Iterator[InteractiveShell]:
    config = Config()
    config.HistoryManager.enabled = False
    config.InteractiveShell.colors = "nocolor"
    before = os.getcwd()
    os.chdir(tmp_path_factory.mktemp("lessons"))
    made = InteractiveShell.instance(config=config)
    made.run_line_magic("load_ext", "loopcheck.lab")
    yield made
    made.run_line_magic("unload_ext", "loopcheck.lab")
    InteractiveShell.clear_instance()
    os.chdir(before)


def ours(shell: InteractiveShell, kind: str) -> dict[str, Any]:
    """Return the magics of *kind* that loopcheck brought: a new one is tried without a word."""
    found = shell.magics_manager.magics[kind]
    return {
        name: magic
        for name, magic in found.items()
        if str(getattr(magic, "__module__", "")).startswith("loopcheck.")
    }


def complaint(act: Any) -> str | None:
    """Return what is wrong with the answer that *act* gives, None where nothing is."""
    began = time.monotonic()
    try:
        act()
    except UsageError as error:
        said = str(error)
        if "\n" in said.strip():
            return f"not one line: {said[:300]!r}"
    except Exception as error:
        return f"{type(error).__name__}: {error}"[:300]
    if time.monotonic() - began > LONGEST:
        return f"{time.monotonic() - began:.0f} s"
    return None


def heads(name: str, magic: Any) -> list[str]:
    """Return what the help of a magic says that may follow its name."""
    said = magic.__doc__ or ""
    firsts = re.findall(rf"%{name} +([\w-]+)", said)
    return list(dict.fromkeys([*firsts, *re.findall(r"--[a-z]+", said), "LC102", "limiter"]))


def test_line_magics(shell: InteractiveShell, chance: random.Random, planted: Planted) -> None:
    wrong = []
    for name, magic in ours(shell, "line").items():
        known = heads(name, magic)
        lines = [*ODD, *mixed(chance, 60, known)]
        lines += [f"{head} {word}" for head in known for word in chance.sample(ODD, 25)]
        for line in lines:
            if name in RUNS and (not line.strip() or known_name(line)):
                continue  # right: it would run for a minute
            planted(1)
            said = complaint(lambda: shell.run_line_magic(name, line))  # noqa: B023
            wrong += [f"%{name} {line[:60]!r}: {said}"] if said else []
    assert not wrong, "\n" + "\n".join(wrong)


RUNS = ("recipes", "case", "pytest")  # what these name, they run


def known_name(line: str) -> bool:
    return "--proof" in line


def test_cell_magics(shell: InteractiveShell, chance: random.Random, planted: Planted) -> None:
    wrong = []
    for name, magic in ours(shell, "cell").items():
        known = heads(name, magic)
        lines = [*chance.sample(ODD, 30), *mixed(chance, 20, known), "", *known]
        for line in lines:
            for cell in [*chance.sample(CELLS, 2), *chance.sample(FILES, 2)]:
                planted(1)
                said = complaint(lambda: shell.run_cell_magic(name, line, cell))  # noqa: B023
                wrong += [f"%%{name} {line[:60]!r} {cell[:40]!r}: {said}"] if said else []
    assert not wrong, "\n" + "\n".join(wrong)


@pytest.fixture
def no_lab(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(main, "_open_lab", lambda *given: 0)


def options_of(command: str) -> list[str]:
    try:
        main.COMMANDS[command]([typed.COMPLETE])
    except typed.Known as known:
        return list(known.options)
    return []


@pytest.mark.usefixtures("no_lab")
@pytest.mark.parametrize("command", main.COMMANDS)
def test_the_command(
    command: str, chance: random.Random, planted: Planted, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong = []
    options = [one for one in options_of(command) if one not in ("-h", "--help")]
    lines = [[word] for word in ODD] + [[one, word] for one in options for word in ODD]
    lines += [line.split(" ") for line in mixed(chance, 40, options)]
    for words in lines:
        planted(1)
        code: object = None
        try:
            code = main.main([command, *words])
        except SystemExit as ended:
            code = ended.code
        except Exception as error:
            wrong.append(f"{command} {str(words)[:90]}: {type(error).__name__}: {error}"[:300])
        said = capsys.readouterr().err
        if "Traceback" in said or (code == main.WRONG_INPUT and said.count("\n") != 1):
            wrong.append(f"{command} {str(words)[:90]}: {said[:300]}")
    assert not wrong, "\n" + "\n".join(wrong)


class Options:
    """Takes down which options and settings the plugin has."""

    def __init__(self) -> None:
        self.names: list[str] = []
        self.inis: list[str] = []

    def getgroup(self, *given: str) -> "Options":
        return self

    def addoption(self, name: str, **how: Any) -> None:
        self.names.append(name if "action" in how else f"{name}=")

    def addini(self, name: str, *given: Any, **how: Any) -> None:
        self.inis.append(name)


def asked() -> Options:
    found = Options()
    plugin.pytest_addoption(found)  # type: ignore[arg-type]
    return found


PLUGINS = ("-p", "pytest_asyncio.plugin", "-p", "loopcheck.plugin", "-p", "no:cacheprovider")
ENDS = {0, 1, 4}


@pytest.mark.parametrize("name", [one for one in asked().names if one.endswith("=")])
def test_options_of_pytest(
    name: str, chance: random.Random, planted: Planted, tmp_path: Path
) -> None:
    values = [
        one for one in ODD if "\x00" not in one and "\ud800" not in one
    ]  # no system takes them
    wrong = []
    for value in chance.sample(values, 25):
        wrong += run(tmp_path, [f"{name}{value}"], value)
        planted(1)
    assert not wrong, "\n" + "\n".join(wrong)


@pytest.mark.parametrize("name", asked().inis)
def test_settings_of_pytest(
    name: str, chance: random.Random, planted: Planted, tmp_path: Path
) -> None:
    values = [one for one in ODD if one.isprintable() and one.strip()]
    wrong = []
    for value in chance.sample(values, 15):
        (tmp_path / "pytest.ini").write_text(f"[pytest]\n{name} = {value}\n", "utf-8")
        wrong += run(tmp_path, [], value)
        planted(1)
    assert not wrong, "\n" + "\n".join(wrong)


def run(folder: Path, options: list[str], value: str) -> list[str]:
    """Return what is wrong with a run of one test with *options*."""
    (folder / "test_it.py").write_text("def test_it():\n    pass\n")
    env = os.environ | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    command = [sys.executable, "-m", "pytest", *PLUGINS, *options, "test_it.py"]
    ended = warm.run(command, folder, env)
    said = ended.stdout + ended.stderr
    if ended.returncode not in ENDS or "Traceback" in said or "INTERNALERROR" in said:
        return [f"{options} {value[:60]!r}: {ended.returncode} {said[-600:]}"]
    lines = [line for line in ended.stderr.splitlines() if line.startswith("ERROR")]
    if ended.returncode == 4 and len(lines) != 1:
        return [f"{options} {value[:60]!r}: {ended.stderr[-600:]}"]
    return []


def test_reports_of_any_kind(
    shell: InteractiveShell, chance: random.Random, planted: Planted, tmp_path: Path
) -> None:
    """`%loopcheck why FILE` of a report that was cut, mixed up, or never was one."""
    whole = json.dumps({"schema": 1, "findings": [], "counts": {"explained": 0}, "timeline": {}})
    wrong = []
    for number in range(300):
        said = bytearray(whole.encode())
        for _ in range(chance.randint(1, 6)):
            said[chance.randrange(len(said))] = chance.randrange(256)
        file = tmp_path / f"{number}.json"
        file.write_bytes(said[: chance.randint(0, len(said))])
        planted(1)
        found = complaint(lambda: shell.run_line_magic("loopcheck", f"why '{file}'"))  # noqa: B023
        wrong += [f"{bytes(said)!r}: {found}"] if found else []
    assert not wrong, "\n" + "\n".join(wrong)
