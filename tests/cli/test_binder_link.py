"""`loopcheck binder-link`: a link and badges that open a fork's lessons, on any Git host."""

import json
from urllib.parse import parse_qs, urlsplit

import pytest

from loopcheck.cli import main

START = "lab/tree/workbook/00_start_here.ipynb"


def printed(capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, str]:
    assert main.main(["binder-link", *words]) == 0
    parts = capsys.readouterr().out.rstrip("\n").split("\n\n")
    return {kind: text for kind, _, text in (part.partition(":\n") for part in parts)}


def refused(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    assert main.main(["binder-link", *words]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    [line] = told.err.splitlines()
    return line


@pytest.mark.parametrize(
    ("repo", "path"),
    [
        ("https://github.com/ann/loopcheck", "/v2/gh/ann/loopcheck/HEAD"),
        ("https://github.com/ann/loopcheck.git", "/v2/gh/ann/loopcheck/HEAD"),
        ("http://www.github.com/ann/loopcheck/", "/v2/gh/ann/loopcheck/HEAD"),
        ("git@github.com:ann/loopcheck.git", "/v2/gh/ann/loopcheck/HEAD"),
        ("ssh://git@github.com/ann/loopcheck", "/v2/gh/ann/loopcheck/HEAD"),
        ("ann/loopcheck", "/v2/gh/ann/loopcheck/HEAD"),
        ("https://gitlab.com/team/lab/loopcheck", "/v2/gl/team%2Flab%2Floopcheck/HEAD"),
        (
            "https://git.example.org/~ann/loopcheck.git",
            "/v2/git/https%3A%2F%2Fgit.example.org%2F~ann%2Floopcheck.git/HEAD",
        ),
    ],
)
def test_the_link_opens_the_start_page_of_a_fork(
    repo: str, path: str, capsys: pytest.CaptureFixture[str]
) -> None:
    link = urlsplit(printed(capsys, "--repo", repo)["link"])
    assert (link.scheme, link.netloc, link.path) == ("https", "mybinder.org", path)
    assert parse_qs(link.query) == {"urlpath": [START]}


def test_it_opens_a_lesson_at_a_branch_on_a_hub(capsys: pytest.CaptureFixture[str]) -> None:
    words = ("--repo", "ann/loopcheck", "--lesson", "lc102", "--ref", "team/may 26")
    link = printed(capsys, *words, "--hub", "https://binder.example.org/")["link"]
    assert link == (
        "https://binder.example.org/v2/gh/ann/loopcheck/team%2Fmay%2026"
        "?urlpath=lab%2Ftree%2Fworkbook%2Flc102_loop_mismatch.ipynb"
    )


def test_badges_say_in_words_what_they_open(capsys: pytest.CaptureFixture[str]) -> None:
    said = printed(capsys, "--repo", "ann/loopcheck", "--lesson", "LC102")
    assert list(said) == ["link", "markdown", "rst", "html"]
    assert all(said["link"] in text for text in said.values())
    assert all("Open LC102 in Binder" in said[kind] for kind in ("markdown", "rst", "html"))
    assert said["markdown"].startswith("[![Open LC102 in Binder](https://mybinder.org/badge")


def test_a_machine_reads_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    said = printed(capsys, "--repo", "ann/loopcheck")
    assert main.main(["binder-link", "--repo", "ann/loopcheck", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == said


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (
            ["--repo", "loopcheck"],
            "`loopcheck` is no repository. Try: loopcheck binder-link --repo OWNER/NAME",
        ),
        (
            ["--repo", "D:\\shop\\loopcheck"],
            "`D:\\shop\\loopcheck` is on this machine; Binder needs an address that it can clone."
            " Try: loopcheck binder-link --repo OWNER/NAME",
        ),
        (
            ["--repo", "https://ann:secret@github.com/ann/loopcheck"],
            "The address holds a password, which everyone who clicks the link would get. "
            "Leave it out.",
        ),
        (
            ["--repo", "ann/loopcheck", "--lesson", "LC999"],
            "No lesson `LC999`",
        ),
        (
            ["--repo", "ann/loopcheck", "--hub", "binder"],
            "`binder` is no address of a BinderHub. Try: --hub https://mybinder.org",
        ),
    ],
)
def test_what_binder_cannot_open_is_refused_in_one_line(
    words: list[str], line: str, capsys: pytest.CaptureFixture[str]
) -> None:
    told = refused(capsys, *words)
    assert told.startswith(f"loopcheck: {line}")
    assert "secret" not in told
