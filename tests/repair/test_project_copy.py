"""A copy has what belongs to a project, and leads to the copy's own code."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from loopcheck.repair import project_copy
from loopcheck.repair.project_copy import CopyError, copied, files_of, import_paths, root_of


def put(root: Path, *names: str) -> None:
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(name)


def git(root: Path, *words: str) -> None:
    identity = "-c", "user.email=a@b.c", "-c", "user.name=n"
    subprocess.run(["git", "-C", str(root), *identity, *words], check=True, capture_output=True)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    root = tmp_path / "shop"
    put(root, "src/shop/cart.py", "tests/test_cart.py", "gone.py", "tests/data/new.txt")
    (root / ".gitignore").write_text("_version.py\n.venv/\n*.log\n")
    put(root, "src/shop/_version.py", ".venv/lib/big.py", "big.log")
    git(root, "init", "-q")
    git(root, "add", "src", "gone.py", ".gitignore")
    git(root, "commit", "-qm", "all")
    (root / "gone.py").unlink()
    (root / "src/shop/cart.py").write_text("not yet committed")
    return root


def test_it_has_what_git_tracks_and_what_is_new_as_it_is_now(
    repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(project_copy, "MOST_IGNORED", 30)
    (repository / "big.log").write_text("x" * 31)
    assert root_of(repository / "tests") == repository
    with copied(repository) as copy:
        names = {
            one.relative_to(copy.folder).as_posix()
            for one in copy.folder.rglob("*")
            if one.is_file()
        }
        assert (copy.folder / "src/shop/cart.py").read_text() == "not yet committed"
        assert copy.folder.name == "shop"
        there = copy.folder
    assert names == {
        ".gitignore",
        "src/shop/_version.py",  # ignored, and needed to import
        "src/shop/cart.py",
        "tests/data/new.txt",
        "tests/test_cart.py",
    }
    assert not there.exists()


def test_without_git_environments_and_caches_stay_out(tmp_path: Path) -> None:
    put(tmp_path, "pytest.ini", "a.py", "tests/test_a.py", "tests/__pycache__/x.pyc")
    put(tmp_path, "env/pyvenv.cfg", "env/lib/x.py", "node_modules/x.js", ".env")
    (tmp_path / "link").symlink_to("tests")
    assert root_of(tmp_path / "tests") == tmp_path
    assert sorted(files_of(tmp_path)) == [".env", "a.py", "link", "pytest.ini", "tests/test_a.py"]


def test_too_large_a_project_is_refused_and_nothing_stays(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(temporary))
    monkeypatch.setattr(project_copy, "MOST_FILES", 2)
    with pytest.raises(CopyError, match="is too large to copy"), copied(repository):
        pass
    assert list(temporary.iterdir()) == []


@pytest.mark.skipif(sys.platform == "win32", reason="named pipes")
def test_a_pipe_is_not_waited_for_and_a_link_stays_one(repository: Path) -> None:
    os.mkfifo(repository / "pipe")
    (repository / "link.py").symlink_to("src/shop/cart.py")
    with copied(repository) as copy:
        assert not (copy.folder / "pipe").exists()
        assert (copy.folder / "link.py").resolve() == (copy.folder / "src/shop/cart.py").resolve()


def test_an_editable_install_leads_to_the_copy(
    repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "path", [*sys.path, str(repository / "src")])
    with copied(repository) as copy:
        assert import_paths(copy) == [str(copy.folder / "src")]
