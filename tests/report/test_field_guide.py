"""The field guide: every mode with all its parts, found by its words, the same in each face."""

import re
from html import unescape

import pytest

from loopcheck.cli import main
from loopcheck.modes import catalogue, nearest_modes
from loopcheck.report import field_guide

MODES = catalogue.modes()


def bare(text: str) -> str:
    """Return *text* without spacing and backticks: what text and HTML must have in common."""
    return "".join(text.replace("`", "").split())


@pytest.mark.parametrize("mode", MODES, ids=lambda mode: mode.code)
def test_text_and_html_hold_all_that_a_page_says(mode: catalogue.Mode) -> None:
    entry = catalogue.entry(mode)
    text = bare(field_guide.as_text([mode]))
    drawn = bare(unescape(re.sub(r"<[^>]+>", "", field_guide.as_html([mode]))))
    seen = [words for said in entry.says for words in said.split(" + ")]
    for part in (
        entry.title,
        *seen,
        entry.what,
        entry.why,
        entry.fix,
        entry.edit or entry.fix,
        entry.lesson or entry.fix,
    ):
        assert part
        assert bare(part) in text
        assert bare(part) in drawn
    page = f"{entry.code}{entry.slug}:{entry.title}What:{entry.what}Why:{entry.why}Fix:{entry.fix}"
    page += f"Edit:{entry.edit}" if entry.edit else ""
    assert bare(page) == bare(catalogue.page(mode))


def test_a_family_and_words_choose() -> None:
    assert [mode.code for mode in nearest_modes.on_pages(["lc6xx", "greenlet"])] == ["LC607"]
    assert "LC102" in {
        mode.code for mode in nearest_modes.on_pages(["attached to a  different LOOP"])
    }
    assert nearest_modes.chapter([]) == list(MODES)
    assert {mode.family for mode in nearest_modes.chapter(["lc2xx", "LC6xx"])} == {"LC2xx", "LC6xx"}


@pytest.mark.parametrize("mode", MODES, ids=lambda mode: mode.code)
def test_the_words_of_a_name_find_their_mode_first(mode: catalogue.Mode) -> None:
    assert nearest_modes.on_pages([mode.slug])[0] == mode
    assert mode in nearest_modes.on_pages(catalogue.title(mode).split())


@pytest.mark.parametrize(
    ("words", "first"),
    [("lifespan", "LC311"), ("TestClient", "LC311"), ("event loop is closed", "LC101")],
)
def test_all_modes_that_fit_are_a_line_each_and_their_pages_on_request(
    words: str, first: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main.main(["explain", "--all", words]) == 0
    *lines, more = capsys.readouterr().out.splitlines()
    assert lines[0].startswith(f"{first} ")
    assert more == (f"The page of one: loopcheck explain {first}. All of these pages: add --pages")
    codes = [line[:5] for line in lines]
    assert set(codes) <= set(catalogue.codes())
    assert len(set(codes)) == len(codes)
    assert main.main(["explain", "--all", "--pages", words]) == 0
    told = capsys.readouterr().out
    assert re.findall(r"(?m)^(LC\d{3}) ", told) == sorted(codes)


def test_the_command_prints_all_of_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert main.main(["explain", "--all"]) == 0
    told = capsys.readouterr().out
    assert re.findall(r"(?m)^(LC\d{3}) ", told) == list(catalogue.codes())


def test_words_that_no_page_has_are_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert main.main(["explain", "--all", "greenlet", "wombat"]) == 2
    assert capsys.readouterr().err == (
        "loopcheck: No mode has `greenlet` and `wombat` on its page. Try: loopcheck explain --all\n"
    )
