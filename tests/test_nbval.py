"""Lessons are stored and compared the same way: from any folder, on any worker, run after run.

This runs a notebook of its own beside the lessons' settings, so that a fault here is not taken for
a lesson's.
"""

import json
import os
import re
import runpy
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SCRIPT = ROOT / "scripts" / "store_outputs.py"
SETTINGS = ("pytest.ini", "conftest.py", "nbval-sanitize.cfg")
ABOVE = '[tool.pytest.ini_options]\nasyncio_mode = "auto"\nfilterwarnings = ["error"]\n'
PASSED, FAILED, NOTHING = 0, 1, 5

SET_UP = """\
import os, ipytest, pytest
ipytest.autoconfig(run_in_thread=True, addopts=["-q", "--color=no", "-p", "no:cacheprovider"])
print(object(), "pid", os.getpid(), "home", os.path.isdir(os.environ["IPYTHONDIR"]))
print("from outside", {n for n in os.environ if "PYTEST_" in n} - {"PYTEST_CURRENT_TEST"})"""
LONG = "a message too long for the one line that pytest gives a failure, but not on a CI"
TESTS = f"""\
%%ipytest
@pytest.mark.asyncio
async def test_one():
    assert object() == 2, "{LONG}"

def test_two():
    pass"""
PICTURE = "data:image/svg+xml;base64,0xabcdef0123"
ASKS = """\
from ipykernel.kernelapp import IPKernelApp
assert IPKernelApp.instance().transport == "ipc\""""
CELLS: tuple[tuple[str, list[str]], ...] = (
    (SET_UP, []),
    (TESTS, []),
    ("raise RuntimeError(f'{object()} is not here')", ["raises-exception"]),
    ("print('an answer')", ["nbval-ignore-output"]),
    (f"from IPython.display import HTML\nHTML('<img src=\"{PICTURE}\">')", []),
)


def write(file: Path, *cells: tuple[str, list[str]]) -> Path:
    """Write a notebook as an editor leaves it: not run, with metadata of its own."""
    whole: list[dict[str, object]] = [
        {
            "id": f"cell-{number}",
            "cell_type": "code",
            "source": source,
            "metadata": {"tags": tags, "scrolled": True},
            "execution_count": None,
            "outputs": [],
        }
        for number, (source, tags) in enumerate(cells)
    ]
    kernel = {"kernelspec": {"name": "python3", "display_name": "mine"}, "editor": "mine"}
    notebook = {"cells": whole, "metadata": kernel, "nbformat": 4, "nbformat_minor": 5}
    file.write_text(json.dumps(notebook), encoding="utf-8")
    return file


def folder_with_settings(root: Path) -> Path:
    """Return a folder for notebooks, under settings that would break them."""
    notebooks = root / "notebooks"
    notebooks.mkdir()
    (root / "pyproject.toml").write_text(ABOVE, encoding="utf-8")
    for name in SETTINGS:
        shutil.copy(ROOT / "notebooks" / name, notebooks)
    return notebooks


def run(*words: str | Path, cwd: Path, **env: str) -> subprocess.CompletedProcess[str]:
    words = (sys.executable, *words)
    env = os.environ | env
    return subprocess.run(words, cwd=cwd, env=env, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder whose `notebooks/` has two stored notebooks."""
    root = tmp_path_factory.mktemp("repository")
    notebooks = folder_with_settings(root)
    stored = run(SCRIPT, write(notebooks / "one.ipynb", *CELLS), cwd=root, CI="")
    assert stored.returncode == 0, stored.stderr
    shutil.copy(notebooks / "one.ipynb", notebooks / "two.ipynb")
    return root


def test_storing_again_changes_nothing(repository: Path) -> None:
    file = repository / "notebooks" / "one.ipynb"
    before = file.read_bytes()
    assert run(SCRIPT, file, cwd=repository).returncode == 0
    assert file.read_bytes() == before


def test_what_is_stored_is_for_readers_on_any_machine(repository: Path) -> None:
    text = (repository / "notebooks" / "one.ipynb").read_text("utf-8")
    notebook = json.loads(text)
    assert [cell["execution_count"] for cell in notebook["cells"]] == [1, 2, 3, 4, 5]
    assert notebook["cells"][3]["outputs"] == []
    first = "".join(notebook["cells"][0]["outputs"][0]["text"])
    assert first == "<object object> pid N home True\nfrom outside set()\n"
    assert notebook["cells"][2]["outputs"][0]["evalue"] == "<object object> is not here"
    assert PICTURE in "".join(notebook["cells"][4]["outputs"][0]["data"]["text/html"])
    assert not re.search(r" at 0x|in \d+\.\d+s|ipykernel_|\bt_[0-9a-f]{32}|scrolled|mine", text)


@pytest.mark.skipif(os.name != "posix", reason="sockets of Windows are ports")
def test_kernels_have_sockets_that_nobody_else_can_take(tmp_path: Path) -> None:
    file = write(folder_with_settings(tmp_path) / "one.ipynb", (ASKS, []))
    done = run("-m", "pytest", "--nbval", file, cwd=tmp_path)
    assert done.returncode == PASSED, done.stdout + done.stderr


def test_what_pytest_says_more_of_on_a_ci_is_neither_stored_nor_compared(
    repository: Path,
) -> None:
    file = repository / "notebooks" / "one.ipynb"
    before = file.read_bytes()
    done = run("-m", "pytest", "--nbval", file, cwd=repository, CI="1")
    assert done.returncode == PASSED, done.stdout + done.stderr
    assert run(SCRIPT, file, cwd=repository, BUILD_NUMBER="1").returncode == 0
    assert file.read_bytes() == before


@pytest.mark.parametrize(
    ("folder", "words"),
    [
        (".", ["notebooks"]),
        ("notebooks", ["."]),
        (".", ["notebooks", "-n", "2", "--dist", "loadfile"]),
    ],
    ids=["from the root", "from inside", "on two workers"],
)
def test_what_is_stored_compares_equal(repository: Path, folder: str, words: list[str]) -> None:
    done = run("-m", "pytest", "--nbval", *words, cwd=repository / folder)
    assert done.returncode == PASSED, done.stdout + done.stderr
    assert "10 passed" in done.stdout


def test_another_word_is_noticed(repository: Path, tmp_path: Path) -> None:
    file = folder_with_settings(tmp_path) / "one.ipynb"
    text = (repository / "notebooks" / "one.ipynb").read_text("utf-8")
    file.write_text(text.replace("1 failed, 1 passed", "2 passed"), encoding="utf-8")
    done = run("-m", "pytest", "--nbval", "notebooks", cwd=tmp_path)
    assert done.returncode == FAILED
    assert "1 failed, 4 passed" in done.stdout


def test_a_cell_has_two_minutes_and_each_lesson_a_home(tmp_path: Path) -> None:
    notebooks = folder_with_settings(tmp_path)
    show = "import os\nprint('home', os.path.basename(os.environ['LOOPCHECK_HOME']))"
    for name in ("one", "two"):
        write(notebooks / f"{name}.ipynb", (f"{show}\nraise SystemExit(0)", []))
    code = (
        "import os, pytest\n"
        "class Spy:\n"
        "    def pytest_collection_finish(self, session):\n"
        "        print('timeout', session.config.option.nbval_cell_timeout)\n"
        "    @pytest.hookimpl(trylast=True)\n"
        "    def pytest_runtest_setup(self, item):\n"
        "        print('home', os.environ['LOOPCHECK_HOME'].rsplit(os.sep, 1)[-1])\n"
        "before = dict(os.environ)\n"
        "pytest.main(['--nbval', '-s', '.'], plugins=[Spy()])\n"
        "assert dict(os.environ).get('LOOPCHECK_HOME') == before.get('LOOPCHECK_HOME')\n"
    )
    done = run("-c", code, cwd=notebooks)
    assert "timeout 120.0" in done.stdout, done.stdout + done.stderr
    assert re.findall(r"home (\w+)", done.stdout)[:2] == ["one", "two"]
    assert done.stderr == ""


def test_without_nbval_the_settings_do_not_matter(tmp_path: Path) -> None:
    notebooks = folder_with_settings(tmp_path)
    done = run("-m", "pytest", "-p", "no:nbval", cwd=notebooks)
    assert done.returncode == NOTHING, done.stdout + done.stderr


def test_a_notebook_that_fails_is_left_as_it_was(tmp_path: Path) -> None:
    file = write(folder_with_settings(tmp_path) / "bad.ipynb", ("1 / 0", []))
    before = file.read_bytes()
    done = run(SCRIPT, file, cwd=tmp_path)
    assert done.returncode == FAILED
    assert "ZeroDivisionError" in done.stderr
    assert file.read_bytes() == before


@pytest.fixture(scope="module")
def clean() -> Callable[[str], str]:
    rules: Callable[[Path], Callable[[str], str]] = runpy.run_path(str(SCRIPT))["rules"]
    return rules(ROOT / "notebooks" / "nbval-sanitize.cfg")


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("\x1b[31mred\x1b[0m", "red"),
        ("t_0123456789abcdef0123456789abcdef.py::test_one", "cell.py::test_one"),
        ('File "/tmp/ipykernel_12/345.py", line 3', 'File "cell.py", line 3'),
        ("<Future at 0x7f00aa11 state=PENDING>", "<Future state=PENDING>"),
        ("id 0x7f00aa11", "id 0xADDRESS"),
        ("<MagicMock name='x' id='140112'>", "<MagicMock name='x'>"),
        ("1 failed, 2 passed in 0.12s", "1 failed, 2 passed"),
        ("3 passed in 75.10s (0:01:15)", "3 passed"),
        ("Executing <Task> took 0.205 seconds", "Executing <Task> took SECONDS"),
        ("name='Task-12' in Thread-3 (run)", "name='Task-N' in Thread-N (run)"),
        ("/x/lib/python3.11/asyncio/queues.py:158: in get", "asyncio/queues.py: in get"),
        ("/x/lib/python3.13/site-packages/a/b.py:1", "a/b.py"),
        (
            'File "/x/lib/python3.11/asyncio/queues.py", line 158, in get',
            'File "asyncio/queues.py", in get',
        ),
        ("/tmp/pytest-of-me/pytest-3/test_x0/a.txt", "test_x0/a.txt"),
        ("Connect call failed ('127.0.0.1', 45123)", "Connect call failed ('127.0.0.1', PORT)"),
        ("localhost:6379 and localhost:45123", "localhost:6379 and localhost:PORT"),
        ("killed pid 4711, PID: 4711", "killed pid N, PID: N"),
        ("=========== FAILURES ===========", "=== FAILURES ==="),
        ("--------------- Captured stdout call ---------------", "--- Captured stdout call ---"),
        ("__________ test_one __________", "___ test_one ___"),
        ("..F                       [100%]", "..F"),
        ("platform linux -- Python 3.11\nrootdir: /x\nasyncio: mode=strict\n..", ".."),
        (f"<img src='{PICTURE}'> at 0x7f00aa11", f"<img src='{PICTURE}'>"),
    ],
)
def test_a_rule_takes_out_only_what_differs(
    text: str, left: str, clean: Callable[[str], str]
) -> None:
    assert clean(text) == left
    assert clean(left) == left


def test_a_cells_number_is_stored_but_not_compared(
    tmp_path: Path, clean: Callable[[str], str]
) -> None:
    assert clean("made at cell 3:2") == "made at cell 3:2"
    file = folder_with_settings(tmp_path) / "one.ipynb"
    count = "print(f'made at cell {get_ipython().execution_count}:2')"
    assert run(SCRIPT, write(file, ("1", []), (count, [])), cwd=tmp_path).returncode == 0
    assert run("-m", "pytest", "--nbval", "notebooks", cwd=tmp_path).returncode == PASSED


@pytest.mark.parametrize(
    "text",
    [
        "name   loop     since\n-----  ------  ------\nvalue  loop 1  test_one",
        "x = {'id': 3}; sleep(0.5); 0xff; task 3; tests/test_x.py:12: in test_x",
        "a === b, __init__, --flag, 50 % of [100]",
    ],
)
def test_ordinary_text_is_left_alone(text: str, clean: Callable[[str], str]) -> None:
    assert clean(text) == text


def test_the_script_names_its_notebooks_and_refuses_others_in_one_line(tmp_path: Path) -> None:
    assert "the default is all lessons" in run(SCRIPT, "--help", cwd=tmp_path).stdout
    wrong = run(SCRIPT, tmp_path / "lc102_loop_mismach.ipynb", cwd=tmp_path)
    assert (wrong.returncode, wrong.stdout) == (2, "")
    *_, line = wrong.stderr.splitlines()
    assert line.endswith("name a file like notebooks/lc102_loop_mismatch.ipynb")
