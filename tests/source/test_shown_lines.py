"""The line of a file that a finding shows."""

from pathlib import Path

import pytest

from loopcheck.source.shown_lines import LONGEST, read_shown_line


def shown(tmp_path: Path, text: str, number: int) -> str | None:
    file = tmp_path / "test_cart.py"
    file.write_text(text, encoding="utf-8")
    return read_shown_line(str(file), number)


def test_the_line_is_shown_without_its_indentation(tmp_path: Path) -> None:
    assert shown(tmp_path, "def f():\n    client = Valkey()\n", 2) == "client = Valkey()"


def test_of_a_statement_of_several_lines_one_is_shown(tmp_path: Path) -> None:
    assert shown(tmp_path, "client = Valkey(\n    port=1,\n)\n", 1) == "client = Valkey("


@pytest.mark.parametrize("number", [0, -1, 2, 3, 4, 9])
def test_a_line_that_is_not_there_or_says_nothing_is_left_out(tmp_path: Path, number: int) -> None:
    assert shown(tmp_path, "client = Valkey(\n)\n\n", number) is None


def test_a_file_that_cannot_be_read_has_no_line(tmp_path: Path) -> None:
    assert read_shown_line(str(tmp_path / "gone.py"), 1) is None
    assert read_shown_line(str(tmp_path), 1) is None


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ('client = Valkey(password="hunter2")\n', 1),
        ('client = from_url("redis://ada:hunter2@localhost")\n', 1),
        ('client = Valkey(password=\n    "hunter2")\n', 2),
        ('api_key = (\n    "hunter2")\n', 2),
        ('token = """\nhunter2\n"""\n', 2),
        ('client = Valkey(password=SecretStr("hunter2"))\n', 1),
        ('token: str = "hunter2"\n', 1),
        ('headers = {"Authorization": f"Bearer {kind}hunter2"}\n', 1),
        ('monkeypatch.setenv("API_KEY", "hunter2")\n', 1),
        ('os.environ["DB_PASSWORD"] = "hunter2"\n', 1),
        ('def login(name, password="hunter2", *, token="hunter2"): ...\n', 1),
        ('assert session.token == "hunter2"\n', 1),
        ("client = Valkey()  # password=hunter2\n", 1),
        ('ENV = """\npassword=hunter2\n"""\n', 2),
        ('if password == (\n    "hunter2"  # ada\n): pass\n', 2),
        ("password=hunter2 = (\n", 1),  # no Python
    ],
)
def test_a_secret_is_never_shown(tmp_path: Path, text: str, number: int) -> None:
    assert "hunter2" not in (shown(tmp_path, text, number) or "")


@pytest.mark.parametrize(
    "line",
    [
        "token = await fetch_token(session)",
        "session = Session(token=self.tokens.get(user), api_key=settings.key)",
        'client = Valkey("straße", token=token or None)',
        "assert not password_is_known",
    ],
)
def test_a_name_and_a_call_are_no_secret(tmp_path: Path, line: str) -> None:
    assert shown(tmp_path, f"async def f():\n    {line}\n", 2) == line


def test_only_the_literal_is_masked(tmp_path: Path) -> None:
    line = 'client = Login("straße", password="hunter2", wait=2).to("redis://ada:hunter2@here")\n'
    shows = 'client = Login("straße", password=***, wait=2).to("redis://ada:***@here")'
    assert shown(tmp_path, line, 1) == shows


def test_a_very_long_line_is_cut(tmp_path: Path) -> None:
    cut = shown(tmp_path, f"names = {['ada'] * 1000}\n", 1)
    assert cut is not None
    assert len(cut) == LONGEST
    assert cut.endswith("…")


def test_other_ends_of_lines_do_not_shift_the_count(tmp_path: Path) -> None:
    assert (
        shown(tmp_path, "mark = '\x0c \u2028'\r\nclient = Valkey()\r\n", 2) == "client = Valkey()"
    )
