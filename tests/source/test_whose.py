"""Whose a file is: what is installed in editable mode is a library, unless it is the project."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from loopcheck.source import project_files

Install = Callable[[Path], None]


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Install]:
    """Return what installs a folder in editable mode, in an environment of its own."""
    site = tmp_path / "env" / "site-packages"
    site.mkdir(parents=True)
    monkeypatch.syspath_prepend(str(site))

    def add(folder: Path, *, editable: bool = True) -> None:
        info = site / f"{folder.name}-1.0.dist-info"
        info.mkdir()
        (info / "direct_url.json").write_text(
            json.dumps({"url": folder.as_uri(), "dir_info": {"editable": editable}})
        )

    yield add
    project_files.owner.cache_clear()


def owner(file: Path, *project: Path) -> str:
    undo = project_files.begin_project(map(str, project))
    try:
        return project_files.owner(str(file))
    finally:
        undo()


def test_what_is_installed_from_elsewhere_to_be_edited_is_a_library(
    tmp_path: Path, install: Install
) -> None:
    install(tmp_path / "libs" / "any io")
    file = tmp_path / "libs" / "any io" / "src" / "anyio" / "abc.py"
    assert owner(file, tmp_path / "app") == "library"
    assert project_files.owner(str(file)) == "user"  # a notebook has no project


def test_the_project_itself_is_the_users_wherever_it_is_installed_from(
    tmp_path: Path, install: Install
) -> None:
    install(tmp_path / "app")
    file = tmp_path / "app" / "src" / "shop" / "cart.py"
    assert owner(file, tmp_path / "app") == "user"
    assert owner(file, tmp_path / "app" / "tests") == "user"  # the ini stands beside the tests


def test_packages_below_the_root_are_the_users(tmp_path: Path, install: Install) -> None:
    install(tmp_path / "mono" / "packages" / "cart")
    file = tmp_path / "mono" / "packages" / "cart" / "cart.py"
    assert owner(file, tmp_path / "mono") == "user"
    assert owner(file, tmp_path / "mono" / "packages" / "shop") == "library"


def test_tests_outside_of_the_root_are_the_users(tmp_path: Path, install: Install) -> None:
    install(tmp_path / "cart")
    tests = tmp_path / "cart" / "tests"
    assert owner(tests / "test_cart.py", tmp_path / "app", tests) == "user"


def test_a_folder_that_begins_with_the_same_letters_is_another(
    tmp_path: Path, install: Install
) -> None:
    install(tmp_path / "cart")
    assert owner(tmp_path / "cartoons" / "x.py", tmp_path / "app") == "user"
    assert owner(tmp_path / "cart" / "x.py", tmp_path / "ca") == "library"


def test_what_nobody_installed_is_the_users(tmp_path: Path, install: Install) -> None:
    install(
        tmp_path / "copied",
    )
    assert owner(tmp_path / "beside" / "helpers.py", tmp_path / "app") == "user"


def test_a_copy_that_was_installed_leaves_its_source_to_the_user(
    tmp_path: Path, install: Callable[..., None]
) -> None:
    install(tmp_path / "copied", editable=False)
    assert owner(tmp_path / "copied" / "x.py", tmp_path / "app") == "user"


def test_a_link_and_what_it_leads_to_are_one_folder(tmp_path: Path, install: Install) -> None:
    real, link = tmp_path / "real", tmp_path / "link"
    real.mkdir()
    link.symlink_to(real)
    install(link)
    assert owner(real / "x.py", tmp_path / "app") == "library"
    assert owner(link / "x.py", tmp_path / "app") == "library"
    assert owner(real / "x.py", link) == "user"


def test_records_that_say_nothing_are_read_past(tmp_path: Path, install: Install) -> None:
    install(tmp_path / "cart")
    site = tmp_path / "env" / "site-packages"
    for number, text in enumerate(["", "[]", "{}", '{"url": 5}', '{"url": "https://x"}']):
        info = site / f"odd{number}-1.dist-info"
        info.mkdir()
        (info / "direct_url.json").write_text(text)
    assert owner(tmp_path / "cart" / "x.py", tmp_path / "app") == "library"


def test_a_run_inside_a_run_gives_the_project_back(tmp_path: Path, install: Install) -> None:
    install(tmp_path / "cart")
    file = tmp_path / "cart" / "x.py"
    outer = project_files.begin_project([str(tmp_path / "app")])
    inner = project_files.begin_project([str(tmp_path / "cart")])
    assert project_files.owner(str(file)) == "user"
    inner()
    assert project_files.owner(str(file)) == "library"
    outer()
    assert project_files.owner(str(file)) == "user"
