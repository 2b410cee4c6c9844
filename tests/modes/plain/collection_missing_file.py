"""The module reads a file that is not there."""

from pathlib import Path

MENU = Path("menu-that-is-not-there.txt").read_text()


def test_menu():
    assert MENU
