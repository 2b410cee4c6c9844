"""`%%seen`: a few likely modes and where to read on, the same in HTML, unknown words admitted."""

import re
from html import unescape

import pytest

from loopcheck.lab.magics import seen
from loopcheck.modes import catalogue

CLOSED = "E   RuntimeError: Task <x> got Future <Future pending> attached to a different loop"


def said(text: str) -> str:
    return seen.seen("", text).text


def test_a_few_are_told_with_what_was_seen_and_a_way_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seen, "lesson_stems", lambda: ["lc102_loop_mismatch"])
    lines = said(CLOSED).splitlines()
    heads = [line for line in lines if re.match(r"  LC\d{3} ", line)]
    assert heads[0] == ("  LC102 loop-mismatch: Something bound to one loop is used on another.")
    assert len(heads) == seen.SHOWN
    assert lines[2:4] == [
        "        seen: `attached to a different loop`",
        "        lesson: lc102_loop_mismatch.ipynb",
    ]
    assert "        page: %loopcheck explain LC101" in lines
    assert "A message alone proves nothing." in " ".join(lines[-2:])


def test_of_many_only_a_few_are_told_in_full() -> None:
    text = said(
        f"{CLOSED}\nE  x: pool is closed\nE  x: no such table\nE x: too many clients already"
    )
    assert len(re.findall(r"^  LC\d{3} ", text, re.MULTILINE)) == seen.SHOWN
    assert re.search(r"The words fit these too: LC\d{3}(, LC\d{3})+\.", text)


@pytest.mark.parametrize("text", ["", "  \n", "xyzzy", CLOSED, "<b>no such table</b>"])
def test_html_says_what_the_text_says(text: str) -> None:
    view = seen.seen("", text)
    plain = unescape(re.sub(r"<[^>]+>", "", view.html or ""))
    assert [word for word in view.text.split() if word.strip("`") not in plain] == []
    assert "<b>no" not in (view.html or "")


def test_unknown_words_are_admitted() -> None:
    assert said("ZeroDivisionError: division by zero").startswith("No failure mode is known by")
    assert "pytest --loopcheck" in said("ZeroDivisionError: division by zero").replace("\n", " ")
    assert said("").startswith("Nothing is pasted here. Begin a cell with %%seen")


def test_what_is_pasted_is_not_shown_again() -> None:
    text = "postgresql://ada:hunter2@db/shop\nE  InterfaceError: pool is closed"
    view = seen.seen("", text)
    assert "hunter2" not in view.text + (view.html or "")


def test_every_mode_that_has_words_can_be_told() -> None:
    silent = {mode.code for mode in catalogue.modes() if not catalogue.says(mode)}
    assert silent == {"LC208"}  # an assertion like any other
