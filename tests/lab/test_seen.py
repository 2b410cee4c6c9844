"""`%%seen`: a few likely modes and where to read on, the same in HTML, unknown words admitted."""

import json
import re
from html import unescape
from importlib import import_module

import pytest

from loopcheck.lab.magics import seen
from loopcheck.lab.workbook.copies import lessons
from loopcheck.modes import catalogue, pasted

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
    assert [word for word in view.text.replace("`", "").split() if word not in plain] == []
    assert "<b>no" not in (view.html or "")


def test_unknown_words_are_admitted() -> None:
    assert said("ZeroDivisionError: division by zero").startswith("No failure mode is known by")
    assert "pytest --loopcheck" in said("ZeroDivisionError: division by zero").replace("\n", " ")
    assert said("").startswith("Nothing is pasted here. Begin a cell with %%seen")


def test_what_is_pasted_is_not_shown_again() -> None:
    text = "postgresql://ada:hunter2@db/shop\nE  InterfaceError: pool is closed"
    view = seen.seen("", text)
    assert "hunter2" not in view.text + (view.html or "")


def test_every_mode_says_what_people_see_or_that_there_are_no_words() -> None:
    """`SAYS = ()` is a statement, too: LC208 looks like any other failed assertion."""
    silent = [mode for mode in catalogue.modes() if not catalogue.says(mode)]
    assert "LC208" in {mode.code for mode in silent}
    assert all(hasattr(import_module(mode.module), "SAYS") for mode in silent)


@pytest.mark.parametrize("stem", sorted(file.stem for file in lessons().glob("lc*.ipynb")))
def test_what_a_lesson_says_you_saw_leads_to_it(stem: str) -> None:
    """Or to nothing, where it is silence that one sees."""
    notebook = json.loads((lessons() / f"{stem}.ipynb").read_text(encoding="utf-8"))
    texts = ["".join(c["source"]) for c in notebook["cells"] if c["cell_type"] == "markdown"]
    saw = "\n".join(texts).partition("## You saw this")[2].partition("\n## ")[0]
    blocks = re.findall(r"^```\w*\n(.*?)^```", saw, re.DOTALL | re.MULTILINE)
    codes = [one.mode.code for one in pasted.guesses("\n".join(blocks))][: seen.SHOWN]
    why = f"%%seen says {codes}: SAYS in modes/{stem}.py lacks the words of its lesson"
    assert not codes or stem[:5].upper() in codes, why
