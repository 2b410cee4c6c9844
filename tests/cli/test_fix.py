"""`loopcheck fix`: proves an edit in a copy, writes it if asked, and leaves nothing behind."""

import json
import os
import select
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from small_disks import fill, read_only, small_disk

from loopcheck.children import temporary_folders
from loopcheck.cli import main
from loopcheck.repair.project_copy import PREFIX

BOUND = 120  # seconds that a run may take on a busy machine
SETTINGS = "[pytest]\nasyncio_mode = auto\nasyncio_default_fixture_loop_scope = function\n"
CART = """\
import asyncio

import pytest

CART = []


async def add(thing):
\tawait asyncio.sleep(0)
\tCART.append(thing)


@pytest.fixture(autouse=True)
def empty():
\tCART.clear()


async def test_add():
\tadd("apple")  # the fruit
\tassert CART == ["apple"]


def test_plain():
\tassert not CART
"""
MENDED = CART.replace('add("apple")', 'await add("apple")')
DIFF = """\
--- a/tests/test_cart.py
+++ b/tests/test_cart.py
@@ -16,7 +16,7 @@
·
·
 async def test_add():
-\tadd("apple")  # the fruit
+\tawait add("apple")  # the fruit
 \tassert CART == ["apple"]
·
·
""".replace("·", " ")


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    root = tmp_path / "shop"
    (root / "tests").mkdir(parents=True)
    (root / "pytest.ini").write_text(SETTINGS)
    (root / "tests/test_cart.py").write_text(CART)
    monkeypatch.chdir(root)
    (tmp_path / "temporary").mkdir()
    monkeypatch.setenv("TMPDIR", str(tmp_path / "temporary"))
    monkeypatch.setattr("tempfile.tempdir", None)
    # Each proof starts pytest five times: without the plugins of this environment.
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    monkeypatch.setenv("PYTEST_ADDOPTS", "-p pytest_asyncio.plugin -p loopcheck.plugin")
    return root


def files(root: Path) -> dict[str, str]:
    """Return all that is in the project and in the temporary folder."""
    found = (one for place in (root, root.parent / "temporary") for one in place.rglob("*"))
    return {
        one.relative_to(root.parent).as_posix(): one.read_bytes().decode()
        for one in sorted(found)
        if one.is_file()
    }


def test_a_fault_is_shown_with_its_proof_and_then_written(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = files(project)
    assert main.main(["fix", "tests/test_cart.py::test_add"]) == 1
    said = capsys.readouterr().out
    head, rest = said.split("\n\n", 1)
    assert head == "LC202 never-awaited  tests/test_cart.py:19  tests/test_cart.py::test_add"
    assert DIFF in rest
    assert "edit     await the call" in said
    assert "proved   `test_add` passes 3 times, then in random order" in said
    last = said.splitlines()[-1]
    assert last == (
        "1 fault: 1 proved. To write what is proved: loopcheck fix --write "
        "tests/test_cart.py::test_add"
    )
    assert files(project) == before
    assert main.main(["fix", "--write", "tests/test_cart.py::test_add"]) == 0
    assert capsys.readouterr().out.splitlines()[-1].endswith("Changed: tests/test_cart.py")
    assert files(project) == before | {"shop/tests/test_cart.py": MENDED}
    assert main.main(["fix"]) == 0
    assert capsys.readouterr().out == "Nothing to fix: 2 tests, no fault.\n"


def test_only_the_diff_can_be_piped(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main.main(["fix", "--diff"]) == 1
    assert capsys.readouterr().out == DIFF


def test_an_edit_that_does_not_hold_is_not_proved(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    broken = CART.replace("CART.append(thing)", "CART.append(thing * 2)")
    (project / "tests/test_cart.py").write_text(broken)
    assert main.main(["fix", "--write"]) == 1
    said = capsys.readouterr().out
    assert "tried    await the call\nbut      `test_add` still fails: AssertionError" in said
    assert "1 fault: 1 not proved" in said
    assert (project / "tests/test_cart.py").read_text() == broken


def report(project: Path) -> Path:
    run = [sys.executable, "-m", "pytest", "-q", "--loopcheck-json=report.json"]
    subprocess.run(run, cwd=project, capture_output=True, timeout=BOUND, check=False)
    return project / "report.json"


def test_a_report_is_proved_and_written(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    report(project)
    assert main.main(["fix", "report.json", "--write"]) == 0
    assert "Changed: tests/test_cart.py" in capsys.readouterr().out
    assert (project / "tests/test_cart.py").read_text() == MENDED


def test_a_report_whose_files_have_changed_is_refused(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    report(project)
    changed = f"{CART}\n# mine\n"
    (project / "tests/test_cart.py").write_text(changed)
    assert main.main(["fix", "report.json", "--write"]) == 2
    [line] = capsys.readouterr().err.splitlines()
    assert line == (
        "loopcheck: tests/test_cart.py has changed since report.json was made. Nothing was "
        "changed. Make it again: pytest --loopcheck-json=report.json"
    )
    assert (project / "tests/test_cart.py").read_text() == changed


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("[]", "report.json: Not a loopcheck report"),
        (None, "report.json can't be read: No such file or directory."),
        ("stale", "report.json is about tests/test_cart.py, which is not here."),
    ],
)
def test_a_report_of_no_use_gets_one_line(
    project: Path, capsys: pytest.CaptureFixture[str], text: str | None, line: str
) -> None:
    if text == "stale":
        report(project)
        (project / "tests/test_cart.py").unlink()
    elif text is not None:
        (project / "report.json").write_text(text)
    assert main.main(["fix", "report.json"]) == 2
    assert line in capsys.readouterr().err


def test_tests_that_do_not_run_are_shown(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main.main(["fix", "--no-such-option"]) == 2
    said = capsys.readouterr().err
    assert "unrecognized arguments: --no-such-option" in said
    assert said.splitlines()[-1] == (
        "loopcheck: pytest ran no test in a copy of the project: see its output above."
    )


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_a_stop_leaves_nothing_behind(project: Path, how: signal.Signals) -> None:
    pipe = project.parent / "started"
    os.mkfifo(pipe)
    waits = f"def test_waits():\n    open({str(pipe)!r}, 'w').close()\n    open({str(pipe)!r})\n"
    (project / "tests/test_waits.py").write_text(waits)
    before = files(project)
    command = [sys.executable, "-m", "loopcheck", "fix", "--write"]
    with subprocess.Popen(command, cwd=project, stderr=subprocess.PIPE, text=True) as run:
        pipe.open().close()  # the test runs
        run.send_signal(how)
        _, said = run.communicate(timeout=BOUND)
    assert run.returncode == 2
    assert said.splitlines()[-1] == "loopcheck: Stopped. Nothing was changed."
    assert files(project) == before


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_after_a_kill_the_project_is_as_it_was_and_the_next_one_removes_the_copy(
    project: Path,
) -> None:
    started, goes_on = project.parent / "started", project.parent / "goes_on"
    os.mkfifo(started)
    os.mkfifo(goes_on)
    # The first descriptor is closed by the end of the process alone. Nobody ever writes to the
    # second pipe: opening the first one for reading would return at once, since it has a writer.
    waits = (
        "import os\n\n\ndef test_waits():\n"
        f"    os.open({str(started)!r}, os.O_WRONLY)\n    open({str(goes_on)!r})\n"
    )
    (project / "tests/test_waits.py").write_text(waits)
    before = files(project)
    command = [sys.executable, "-m", "loopcheck", "fix", "--write"]
    with (
        subprocess.Popen(command, cwd=project, stderr=subprocess.PIPE) as run,
        started.open() as test,
    ):
        run.kill()
        ended, _, _ = select.select([test], [], [], BOUND)
        assert ended, "the tests of a killed run go on"
        assert test.read() == ""
    temporary_folders.sweep(PREFIX)
    assert files(project) == before
    assert list((project.parent / "temporary").iterdir()) == []


def test_tests_of_another_project_run_in_a_copy_of_that(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    elsewhere = project.parent / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    before = files(project)
    assert main.main(["fix", "--diff", "../shop/tests/test_cart.py"]) == 1
    assert capsys.readouterr().out == DIFF
    assert files(project) == before


def test_no_room_for_the_copy_is_one_line(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with small_disk(project.parent / "disk", pages=8) as disk:
        fill(disk)
        monkeypatch.setenv("TMPDIR", str(disk))
        monkeypatch.setattr("tempfile.tempdir", str(disk))
        assert main.main(["fix", "--write"]) == 2
        line = "loopcheck: The copy can't be written: No space left on device."
        assert capsys.readouterr().err.splitlines() == [line]
        assert [one.name for one in disk.iterdir()] == ["filler"]
    assert files(project)["shop/tests/test_cart.py"] == CART


def test_no_room_for_what_is_proved_changes_nothing(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with small_disk(project.parent / "disk", pages=16) as disk:
        shutil.copytree(project, disk / "shop")
        monkeypatch.chdir(disk / "shop")
        fill(disk)
        assert main.main(["fix", "--write", "-q"]) == 2
        said = capsys.readouterr()
        assert "proved   `test_add` passes" in said.out
        assert "No space left on device. Nothing was changed." in said.err
        assert (disk / "shop/tests/test_cart.py").read_text() == CART
        assert not [*disk.rglob("*.loopcheck-fix*")]


def test_a_read_only_tree_gets_the_proof_and_one_line(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = files(project)
    with read_only(project):
        assert main.main(["fix", "--write", "-q"]) == 2
    said = capsys.readouterr()
    assert "proved   `test_add` passes" in said.out
    assert "Nothing was changed." in said.err
    assert files(project) == before


def test_a_fault_of_a_passing_test_is_proved_gone(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The test asserts nothing about the call that it lost."""
    file = project / "tests/test_cart.py"
    file.write_text(CART.replace('\tassert CART == ["apple"]\n', ""))
    assert main.main(["fix", "--write", "-q", "tests/test_cart.py::test_add"]) == 0
    assert "proved   `test_add` passes 3 times" in capsys.readouterr().out
    assert "await add" in file.read_text()


def test_faults_behind_each_other_in_one_test_are_proved_together(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    two = CART.replace('\tadd("apple")  # the fruit\n', '\tadd("apple")\n\tadd("pear")\n')
    two = two.replace('["apple"]', '["apple", "pear"]')
    (project / "tests/test_cart.py").write_text(two)
    assert main.main(["fix", "--write"]) == 0
    said = capsys.readouterr().out
    assert "with     LC202 never-awaited" in said
    assert said.splitlines()[-1] == "2 faults: 2 proved. Changed: tests/test_cart.py"
    assert (project / "tests/test_cart.py").read_text() == two.replace("\tadd(", "\tawait add(")


ORDERED = """\
log = []


async def write(line):
    log.append(line)


async def test_a():
    await write("a")
    assert log == ["a"]


async def test_b():
    write("b")
    assert log == ["a", "b"]


async def test_c():
    await write("c")
    assert log == ["a", "b", "c"]
"""


def test_a_test_that_needs_another_before_it_is_not_proved(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / "tests/test_cart.py").write_text(ORDERED)
    assert main.main(["fix", "--write"]) == 1
    said = " ".join(capsys.readouterr().out.split())
    assert "but in the order of the file it passes 3 times; in random order, `test_" in said
    assert (project / "tests/test_cart.py").read_text() == ORDERED


CHEATS = {
    '\tassert CART == ["apple"]': "\tassert CART is not None",
    "async def test_add": '@pytest.mark.skip("later")\nasync def test_add',
    "\tadd(": "\treturn\n\tadd(",
    "test_add()": "check_add()",
    "thing)\n\n": 'thing)\n\nasync def add(thing):\n\tpytest.skip("no")\n\n',
}


@pytest.mark.parametrize("was", CHEATS)
def test_an_edit_that_passes_by_checking_less_is_never_proved(
    project: Path, capsys: pytest.CaptureFixture[str], was: str
) -> None:
    file = report(project)
    said = json.loads(file.read_text())
    start, end = (place_in(CART, CART.index(was) + size) for size in (0, len(was)))
    change = {"file": "tests/test_cart.py", "start": start, "end": end, "text": CHEATS[was]}
    said["findings"][0]["edits"] = [{"safe": True, "words": "cheat", "changes": [change]}]
    file.write_text(json.dumps(said))
    assert main.main(["fix", "report.json", "--write"]) == 1
    told = capsys.readouterr().out
    assert "tried    cheat\nbut      " in told
    assert "1 fault: 1 not proved" in told
    assert (project / "tests/test_cart.py").read_text() == CART


def place_in(text: str, offset: int) -> list[int]:
    before = text[:offset]
    return [before.count("\n") + 1, offset - (before.rfind("\n") + 1)]


ALIKE = """\
import asyncio

import pytest_asyncio

async def save(rows, row):
    await asyncio.sleep(0)
    rows.append(row)

@pytest_asyncio.fixture
async def rows():
    return []

async def test_one(rows):
    save(rows, 1)
    assert rows == [1]

async def test_two(rows):
    save(rows, 1)
    save(rows, 1)
    assert rows == [1, 1]
"""


def test_lines_of_the_same_text_are_mended_each(project: Path) -> None:
    (project / "tests/test_cart.py").write_text(ALIKE)
    assert main.main(["fix", "--write"]) == 0
    mended = ALIKE.replace("    save(", "    await save(")
    assert (project / "tests/test_cart.py").read_text() == mended
