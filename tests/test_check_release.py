"""`make release-check` finds what is wrong with a release, and says so in one line."""

import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "scripts"))
import check_release  # noqa: E402


def test_the_lines_it_runs_stand_in_the_readme() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    for line, *_ in check_release.LINES:
        assert line.replace("LC102", "CODE") in readme or line in readme


def test_an_archive_that_cannot_be_installed_is_named(tmp_path: Path) -> None:
    broken = tmp_path / "loopcheck-0.1.0-py3-none-any.whl"
    broken.write_text("not an archive")
    with pytest.raises(check_release.NotReleasableError) as raised:
        check_release.try_as_stranger(broken, tmp_path)
    said = str(raised.value)
    assert said.startswith(f"pip install {broken.name}: exit code 1")
    assert "\n" not in said


def test_an_upload_without_an_address_gets_a_line(tmp_path: Path) -> None:
    [line] = check_release.missing(wheel(tmp_path, "Name: loopcheck\n"))
    assert "no public address" in line
    known = "Name: loopcheck\nProject-URL: Issues, https://example.org/ann/loopcheck/issues\n"
    assert check_release.missing(wheel(tmp_path, known)) == []


def wheel(folder: Path, metadata: str) -> Path:
    file = folder / "loopcheck-0.1.0-py3-none-any.whl"
    with zipfile.ZipFile(file, "w") as packed:
        packed.writestr("loopcheck-0.1.0.dist-info/METADATA", metadata)
    return file


def test_what_is_wrong_is_one_line_and_exit_code_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(check_release, "ROOT", tmp_path)  # nothing to build there
    assert check_release.main([str(tmp_path / "dist")]) == 1
    told = capsys.readouterr()
    assert (told.out, told.err.count("\n")) == ("", 1)
    assert told.err.startswith("release-check: build: exit code 1")
