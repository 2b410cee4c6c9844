"""The check of our English sees what it is there for, and takes code for code."""

import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "scripts"))

import check_prose  # noqa: E402

LONG = "a test that hangs " * 8


def complaints(words: str, name: str = "page.md") -> list[str]:
    file = ROOT / name
    texts = check_prose.markdown_texts(file, words)
    return [str(one) for text in texts for one in check_prose.complaints_of(text)]


@pytest.mark.parametrize(
    "words",
    [
        "The line is told at the end of the run.",
        "It reads a name of the user's.",
        "It depends on who asks.",
        "Such a test fails.",
        f"It names {LONG}.",
        "The name is read, is kept and is shown.",
    ],
)
def test_one_complaint_for_what_we_do_not_write(words: str) -> None:
    assert len(complaints(words)) == 1


@pytest.mark.parametrize(
    "words",
    [
        "pytest reports the line at the end of the run.",
        "The users' tests pass.",
        "Run `is told, is said` twice.",
        "```python\n# such a test is told\n```",
        "<!-- such a test is told -->",
        f"It names {LONG[:80]}. It names {LONG[:80]}.",
        f"- It names {LONG[:80]}\n- It names {LONG[:80]}",
    ],
)
def test_no_complaint_for_code_and_plain_sentences(words: str) -> None:
    assert complaints(words) == []


def test_a_complaint_names_the_line_that_it_is_about() -> None:
    assert complaints("One.\n\nTwo.\n`x`\nSuch\na test.\n")[0].startswith("page.md:5: “Such a”")


def test_docstrings_comments_and_other_strings_are_read(tmp_path: Path) -> None:
    file = tmp_path / "module.py"
    file.write_text('"""Such a module."""\n\nx = f"such a {1} test"\n\n# Such a\n# comment.\n')
    lines = [
        one.line for text in check_prose.texts(file) for one in check_prose.complaints_of(text)
    ]
    assert sorted(lines) == [1, 3, 5]
