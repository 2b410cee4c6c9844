"""The command: what it offers works, and wrong words get one line with the right ones."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

import loopcheck
from loopcheck.cli import main
from loopcheck.modes import catalogue

NOTEBOOKS = Path(__file__).resolve().parents[2] / "notebooks"


def refusal(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    """Return the one line that refuses *words*."""
    assert main.main(words) == 2
    told = capsys.readouterr()
    assert told.out == ""
    [line] = told.err.splitlines()
    return line


def test_the_version_is_told_without_ipython_or_pytest() -> None:
    code = (
        "import sys, loopcheck.cli.main as cli; cli.main(['--version']);"
        "sys.exit(bool({'IPython', 'pytest', 'asyncio', 'jupyterlab', 'difflib'} & {*sys.modules}))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (run.returncode, run.stdout) == (0, f"loopcheck {loopcheck.__version__}\n"), run.stderr


def test_it_is_also_a_module() -> None:
    run = [sys.executable, "-m", "loopcheck", "--version"]
    assert subprocess.run(run, capture_output=True, check=False).returncode == 0


def test_a_reader_that_has_enough_gets_no_traceback() -> None:
    read, write = os.pipe()
    os.close(read)  # as `loopcheck explain LC102 | head -3`
    with os.fdopen(write, "wb") as pipe:
        run = [sys.executable, "-m", "loopcheck", "explain", "LC102"]
        done = subprocess.run(run, stdout=pipe, stderr=subprocess.PIPE, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_alone_it_says_what_it_offers(capsys: pytest.CaptureFixture[str]) -> None:
    assert main.main([]) == 0
    told = capsys.readouterr().out
    assert all(f"loopcheck {name} " in told for name in main.COMMANDS)


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (["lba"], "No command `lba`. Try: loopcheck lab"),
        (
            ["dig"],
            "No command `dig`: there are lab, explain, doctor, attach, fix, mcp, new, binder-link, "
            "board, completion.",
        ),
        (["--verson"], "No option `--verson`. Try: loopcheck --version"),
        (["lab", "--lessn=LC102"], "No option `--lessn=LC102`. Try: loopcheck lab --lesson"),
        (["lab", "LC102"], "`LC102` is one word too many. Try: loopcheck lab --help"),
        (["lab", "--dir"], "Argument --dir: expected one argument. Try: loopcheck lab --help"),
        (["lab", "--les", "LC102"], "No option `--les`. Try: loopcheck lab --lesson"),
        (
            ["explain", "loop-mismach"],
            "No mode `loop-mismach`: near are loop-mismatch, scope-mismatch."
            " Try: loopcheck explain loop-mismatch",
        ),
        (
            ["explain", "wombat"],
            f"No mode `wombat`: there are {catalogue.spans()}. Try: loopcheck explain --all",
        ),
    ],
)
def test_wrong_words_get_one_line(
    words: list[str], line: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert refusal(capsys, *words) == f"loopcheck: {line}"


@pytest.mark.parametrize("command", [["doctor"], ["lab", "--dir"], ["new", "--to"]])
@pytest.mark.parametrize("folder", ["x" * 5_000, "~no_such_user/x", "a\0b"])
def test_what_no_system_can_name_is_no_folder(
    command: list[str], folder: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "can't be a folder" in refusal(capsys, *command, folder)


@pytest.mark.parametrize(
    ("said", "first"),
    [
        ("object str can't be used in 'await' expression", "LC401"),
        ("TypeError: object MagicMock can't be used in 'await' expression", "LC401"),
        ("is bound to a different event loop", "LC102"),
        ("attached to a different loop", "LC102"),
        ("RuntimeError: Event loop is closed", "LC101"),
    ],
)
def test_an_error_finds_its_modes_nearest_first(
    said: str, first: str, capsys: pytest.CaptureFixture[str]
) -> None:
    for words in ([said], said.split()):
        assert main.main(["explain", *words]) == 0
        assert capsys.readouterr().out.startswith(f"{first} ")


def test_words_that_no_page_has_get_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    line = refusal(capsys, "explain", "wombats", "in", "the", "loop")
    assert line.endswith(
        "No mode has `wombats in the loop` on its page. Try: loopcheck explain --all"
    )


def test_the_field_guide_takes_a_message_with_other_types(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main.main(["explain", "--all", "object str can't be used in 'await' expression"]) == 0
    assert "LC401 sync-mock-awaited" in capsys.readouterr().out


def test_without_a_mode_each_has_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert main.main(["explain"]) == 0
    *lines, last = capsys.readouterr().out.splitlines()
    assert [one.split(":")[0] for one in lines] == [
        f"{mode.code} {mode.slug}" for mode in catalogue.modes()
    ]
    assert last == "The page of one: loopcheck explain LC101"


@pytest.mark.parametrize("asked", ["LC102", "lc102", "loop-mismatch", "lc102_loop_mismatch"])
def test_a_mode_is_explained_by_its_page(asked: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main.main(["explain", asked]) == 0
    said = capsys.readouterr().out
    assert said.startswith("LC102 loop-mismatch: ")
    assert said.endswith("lesson   loopcheck lab --lesson LC102\n")


def test_every_page_fits_a_terminal_of_80_columns(capsys: pytest.CaptureFixture[str]) -> None:
    for mode in catalogue.modes():
        assert main.main(["explain", mode.code]) == 0
    assert max(map(len, capsys.readouterr().out.splitlines())) <= 80


def test_an_unknown_code_names_the_near_ones(capsys: pytest.CaptureFixture[str]) -> None:
    line = refusal(capsys, "explain", "LC1022")
    assert line.startswith("loopcheck: No mode `LC1022`")
    assert "LC102" in line.partition("`:")[2] or line.endswith("Try: loopcheck explain LC102")


def test_a_copy_is_made_and_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "workbook"
    words = ["lab", "--copy-only", "--dir", str(target)]
    assert main.main(words) == 0
    assert str(target) in capsys.readouterr().out
    there = {file.name for file in target.glob("*.ipynb")}
    assert there == {file.name for file in NOTEBOOKS.glob("*.ipynb")}
    assert not (target / "solutions").exists()
    assert main.main(words) == 0
    assert "up to date" in capsys.readouterr().out


def test_an_unknown_lesson_is_refused_before_anything_is_copied(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    line = refusal(capsys, "lab", "--dir", str(tmp_path / "new"), "--lesson", "LC999")
    assert "No lesson `LC999`" in line
    assert not (tmp_path / "new").exists()


def test_a_folder_with_other_files_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "shop.py").touch()
    line = refusal(capsys, "lab", "--copy-only", "--dir", str(tmp_path))
    assert "holds other files than the lessons" in line
    assert "--dir" in line


def test_a_place_that_cannot_be_written_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").touch()
    line = refusal(capsys, "lab", "--copy-only", "--dir", str(tmp_path / "file" / "workbook"))
    assert line.startswith("loopcheck: The lessons can't be copied to ")


def test_without_jupyterlab_it_says_what_to_install(tmp_path: Path) -> None:
    code = (
        "import sys; sys.modules['jupyterlab'] = None\n"
        "from loopcheck.cli import main as cli\n"
        f"sys.exit(cli.main(['lab', '--dir', {str(tmp_path / 'workbook')!r}]))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert run.returncode == 2
    assert run.stderr.splitlines() == [
        'loopcheck: JupyterLab is not installed here. Try: pip install "loopcheck[workbook]"'
    ]
    assert os.listdir(tmp_path) == ["workbook"]


@pytest.mark.parametrize("asked", ["LC102", "lc102", "loop-mismatch", "lc102_loop_mismatch.ipynb"])
def test_a_lesson_is_known_by_code_slug_and_file(asked: str) -> None:
    assert main._lesson(asked, "lab") == "lc102_loop_mismatch"
