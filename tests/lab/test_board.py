"""The class board: what is shared and nothing else, who may read it, what learners are told.

A real service on loopback; only the Hub that it asks is a stand-in. With a real JupyterHub:
tests/lab/test_board_on_jupyterhub.py.
"""

import html
import json
import os
import re
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.client import HTTPConnection
from pathlib import Path
from types import SimpleNamespace

import pytest
from boards import Room, room, served, stand_in_hub  # type: ignore[import-not-found]
from shells import Cells  # type: ignore[import-not-found]

from loopcheck.cli import main
from loopcheck.lab import clinics, exercises
from loopcheck.lab.board import (
    SECONDS_KEPT,
    BoardDown,
    BoardError,
    asking,
    kept,
    row,
    sharing,
    shown,
)
from loopcheck.lab.board.kept import Kept
from loopcheck.lab.board.row import Row, State, as_fields, cleaned, from_fields
from loopcheck.lab.board.sending import SENDER
from loopcheck.lab.learner import progress

__all__ = ["room"]
STEM = "lc102_loop_mismatch"
EXERCISE = exercises.load(STEM)
WRONG = "%%exercise LC102\nimport pytest\n"
QUICK = "%%exercise LC102\nimport (\n"  # a verdict without a run
RIGHT = (Path(__file__).parents[2] / "notebooks" / "solutions" / f"{STEM}.py").read_text("utf-8")
SHARE = "%progress --share --name 'Ann A.'"
OPEN: tuple[tuple[str, State], ...] = (
    ("the cell can be read as Python", "met"),
    ("every test passes", "not met"),
)
ROW = Row(name="Ann", lesson=STEM, requirements=OPEN, hints=1)


def rows(room: Room) -> list[Row]:
    assert SENDER.wait()
    return [one.row for one in shown.read(room.by("eve")).seen]


# What is shared


def test_a_verdict_reaches_the_board(cells: Cells, room: Room) -> None:
    assert cells(SHARE) == (
        "You share with the class board as Ann A.: lesson, which requirements are met, hints taken;"
        " no code. Each verdict updates it. %progress --unshare deletes your row, else the board"
        " does after seven days.\n"
    )
    assert rows(room) == [Row(name="Ann A.")]
    cells("%hint LC102")
    cells(WRONG)
    [one] = rows(room)
    assert (one.name, one.lesson, one.hints) == ("Ann A.", STEM, 1)
    assert one.requirements[0] == ("the cell can be read as Python", "met")
    assert one.stop == EXERCISE.requirements[0].name
    assert SENDER.thread is None


def test_solving_the_exercise_lowers_the_hand(cells: Cells, room: Room) -> None:
    cells(SHARE)
    cells(QUICK)
    assert cells("%stuck Which `loop`, and where's it from?") == (
        "Your hand is up at LC102 loop-mismatch. "
        "%stuck --down lowers it, solving the exercise does too.\n"
    )
    assert rows(room)[0].hand == "Which `loop`, and where's it from?"
    assert "and your hand is up" in cells("%progress")
    cells(f"%%exercise LC102\n{RIGHT}")
    [one] = rows(room)
    assert (one.solved, one.hand) == (True, None)
    assert "your hand is up" not in cells("%progress")


def test_a_hand_goes_up_without_words_and_down(cells: Cells, room: Room) -> None:
    cells(SHARE)
    assert cells("%stuck").startswith("Your hand is up. ")
    assert rows(room)[0].hand == ""
    assert cells("%stuck --down") == "Your hand is down.\n"
    assert rows(room)[0].hand is None
    assert cells("%stuck --down") == "Your hand was not up.\n"


def test_nothing_else_is_sent_and_nothing_unasked(
    cells: Cells, room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[tuple[object, ...]] = []
    monkeypatch.setattr(HTTPConnection, "request", lambda self, *what: sent.append(what))
    cells(QUICK)
    cells("%progress")
    assert not sent
    cells(SHARE)
    cells(QUICK)
    assert SENDER.wait()
    assert len(sent) == 2
    for method, path, body, headers in sent:
        assert (method, path) == ("PUT", "/services/loopcheck-board/row")
        assert headers == {"Authorization": "token ann", "Connection": "close"}
        assert isinstance(body, bytes)
        fields = json.loads(body)
        assert set(fields) == {"name", "lesson", "requirements", "hints", "hand"}
        assert set(fields["requirements"].values()) <= {"met", "not met", "not looked at"}
        assert not {socket.gethostname(), os.getcwd(), "import pytest"} & set(map(str, fields))
        known = ["the cell can be read as Python", *(one.name for one in EXERCISE.requirements)]
        assert list(fields["requirements"]) in ([], known)


def test_unshare_deletes_what_the_board_has_and_stops(cells: Cells, room: Room) -> None:
    cells(SHARE)
    assert "The class board knows you as Ann A." in cells("%progress")
    assert cells("%progress --unshare") == (
        "The class board has deleted your row, and nothing more is sent.\n"
    )
    cells(QUICK)
    assert rows(room) == []
    assert "class board" not in cells("%progress")


def test_a_name_is_the_hubs_until_another_is_chosen(cells: Cells, room: Room) -> None:
    for line, name in (("", "ann"), ("--name A", "A"), ("", "A")):
        assert f"as {name}: " in cells(f"%progress --share {line}")
        assert [one.name for one in rows(room)] == [name]


def test_the_lesson_in_front_of_the_learner_is_where_they_are(
    cells: Cells, room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    progress.write(progress.Progress(lesson=STEM, passed="x", exercise=EXERCISE.digest, when=1))
    cells(SHARE)
    assert rows(room)[0].solved
    monkeypatch.setenv("JPY_SESSION_NAME", "workbook/lc103_nested_run.ipynb")
    cells("%stuck")
    [one] = rows(room)
    assert (one.lesson, one.solved, one.stop) == ("lc103_nested_run", False, None)


def test_a_diagnosis_in_a_clinic_is_a_verdict(room: Room) -> None:
    clinic = clinics.all_clinics()[0]
    first, second, *_ = (one.project for one in clinic.patients)
    progress.write(progress.Progress(lesson=clinic.stem, passed=f"{first} LC102", tries=1))
    one = sharing.diagnosed(replace(ROW, hand=""), clinic.stem, wrong=second)
    assert (one.lesson, one.stop, one.hand) == (clinic.stem, second, "")
    assert dict(one.requirements)[first] == "met"


@pytest.mark.parametrize("stem", [*exercises.stems(), *(c.stem for c in clinics.all_clinics())])
def test_the_row_of_every_lesson_is_one_that_the_board_takes(stem: str) -> None:
    progress.write(progress.Progress(lesson=stem, hints=99))
    one = sharing.moved(Row(name="Ann"), stem)
    assert from_fields(json.loads(json.dumps(as_fields(one)))) == one
    if stem in exercises.stems():
        names = [each.name for each in exercises.load(stem).requirements]
        assert len(set(names)) == len(names)


# A board that is down, or is none


def test_a_board_that_is_down_is_one_line_and_the_next_verdict_tries_again(
    cells: Cells, room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    monkeypatch.setenv("LOOPCHECK_BOARD_URL", f"http://127.0.0.1:{port}/services/loopcheck-board/")
    down = (
        r"The class board does not answer: .*refused.*\. You can go on: the next verdict "
        r"tries again\. %progress --unshare stops sharing\.\n"
    )
    assert re.fullmatch(down, cells(SHARE))
    told = cells(QUICK)
    assert "class board" not in told  # it was told
    assert SENDER.wait()
    with served(room.kept, room.api, port):
        cells(QUICK)
        assert rows(room)[0].lesson == STEM
    cells(QUICK)
    assert SENDER.wait()
    assert re.search(f"{down}$", cells(QUICK))
    assert SENDER.wait()
    assert "class board" not in cells(QUICK)


def test_no_cell_waits_for_a_board_that_hangs(
    cells: Cells, room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    cells(SHARE)
    monkeypatch.setattr("loopcheck.lab.board.asking.SECONDS", 60)
    with socket.create_server(("127.0.0.1", 0)) as hangs:
        port = hangs.getsockname()[1]
        monkeypatch.setenv("LOOPCHECK_BOARD_URL", f"http://127.0.0.1:{port}/")
        cells("%hint LC102")
        cells("%hint LC102")
        assert SENDER.thread is not None  # the cells are over, and it still waits
        assert sum(one.name == "class board" for one in threading.enumerate()) == 1
    assert SENDER.wait()


def test_a_magic_that_sends_waits_for_a_bounded_time(
    cells: Cells, room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as hangs, monkeypatch.context() as hurried:
        monkeypatch.setenv("LOOPCHECK_BOARD_URL", f"http://127.0.0.1:{hangs.getsockname()[1]}/")
        hurried.setattr("loopcheck.lab.board.sending.PATIENCE", 0.01)
        assert cells(SHARE).startswith("The class board does not answer: not in ")
    assert SENDER.wait()


def test_a_share_that_ends_in_another_notebook_meanwhile_leaves_nothing(
    cells: Cells, room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    cells(SHARE)
    ask = asking.Board.ask

    def slow(board: asking.Board, method: str, path: str, content: object = None) -> object:
        if method == "PUT":
            sharing.end()
        return ask(board, method, path, content)

    monkeypatch.setattr(asking.Board, "ask", slow)
    cells("%hint LC102")
    assert rows(room) == []


@pytest.mark.parametrize(
    ("environment", "line"),
    [
        ({}, "no JupyterHub has started this. "),
        ({"JUPYTERHUB_API_TOKEN": "a b"}, "no JupyterHub has started this. "),
        ({"JUPYTERHUB_API_TOKEN": "ann"}, "LOOPCHECK_BOARD_URL is not a valid address. "),
        (
            {"JUPYTERHUB_API_TOKEN": "ann", "LOOPCHECK_BOARD_URL": "http://hub:port/"},
            "LOOPCHECK_BOARD_URL is not a valid address. ",
        ),
        (
            {"JUPYTERHUB_API_TOKEN": "ann", "LOOPCHECK_BOARD_URL": "file:///etc/passwd"},
            "LOOPCHECK_BOARD_URL is not a valid address. ",
        ),
    ],
)
def test_where_there_is_no_board_it_says_so(
    environment: dict[str, str], line: str, cells: Cells, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("JUPYTERHUB_API_TOKEN", "LOOPCHECK_BOARD_URL", "JUPYTERHUB_PUBLIC_HUB_URL"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    for part in (SHARE, "%progress --unshare", "%progress --board"):
        [said] = cells(part).splitlines()
        assert f": There is no class board here: {line}" in said
        assert said.endswith("Your progress stays on this machine; %progress --export carries it.")
    assert not sharing.file_of_share().exists()


def test_the_hubs_own_address_leads_to_the_board(
    cells: Cells, room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("LOOPCHECK_BOARD_URL")
    hub = room.url.replace("services/loopcheck-board", "hub")
    monkeypatch.setenv("JUPYTERHUB_PUBLIC_HUB_URL", hub)
    assert cells(SHARE).startswith("You share ")


def test_a_hub_without_the_service_is_one_line_and_nothing_is_shared(
    cells: Cells, room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LOOPCHECK_BOARD_URL", room.url.replace("loopcheck-board", "other"))
    [said] = cells(SHARE).splitlines()
    assert said.startswith("UsageError: %progress --share: The board has no PUT here.")
    assert not sharing.file_of_share().exists()
    monkeypatch.setenv("LOOPCHECK_BOARD_URL", room.api.replace("/hub/api", ""))
    [said] = cells(SHARE).splitlines()
    assert "There is no class board here: " in said or "does not answer: the Hub says 501" in said


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("%stuck", "%stuck: you share nothing, so nobody would see your hand. Share first: "),
        ("%stuck --dwon", "%stuck: `--dwon` is not an option. Write: %stuck [what"),
        ("%progress --name Ann", "%progress: `--name` is for --share. Write: %progress"),
        ("%progress --share Ann", "%progress: `Ann` is one word too many. Write: %progress"),
        ("%progress --share --name '\u202e'", "%progress --share: a name is missing. Add --name"),
        ("%progress --board", "%progress --board: The board is for the facilitator: Hub admins "),
    ],
)
def test_wrong_use_is_one_line(line: str, said: str, cells: Cells, room: Room) -> None:
    [shows] = cells(line).splitlines()
    assert shows.startswith(f"UsageError: {said}")


@pytest.mark.parametrize(
    "broken", ["", "[]", "{", '{"schema": 1, "when": 9e99, "row": {}}', "[" * 9999]
)
def test_a_broken_share_file_is_kept_aside_and_told(broken: str, cells: Cells, room: Room) -> None:
    file = sharing.file_of_share()
    file.parent.mkdir(parents=True)
    file.write_text(broken, encoding="utf-8")
    assert "The share file share.json was broken. It is now share.broken.json," in cells(
        "%progress"
    )
    assert (file.parent / "share.broken.json").read_text("utf-8") == broken
    assert cells(SHARE).startswith("You share ")


def test_a_share_that_cannot_be_kept_is_one_line(
    tmp_path: Path, cells: Cells, room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("LOOPCHECK_HOME", str(tmp_path / "file"))
    [said] = cells(SHARE).splitlines()
    assert said.startswith("UsageError: %progress --share: What you share cannot be kept: ")
    assert rows(room) == []


def test_a_share_ends_with_what_the_board_keeps(
    cells: Cells, room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    cells(SHARE)
    later = time.time() + SECONDS_KEPT + 1
    clock = SimpleNamespace(time=lambda: later)
    monkeypatch.setattr(sharing, "time", clock)
    monkeypatch.setattr(kept, "time", clock)
    cells(QUICK)
    assert rows(room) == []
    assert json.loads(room.kept.file.read_text("utf-8"))["rows"] == {}


# Who may do what


def test_learners_write_and_delete_their_own_row_and_read_none(room: Room) -> None:
    room.by("ann").ask("PUT", "row", as_fields(ROW))
    room.by("bob").ask("PUT", "row", as_fields(replace(ROW, name="Bob")))
    room.by("bob").ask("DELETE", "row")
    assert rows(room) == [ROW]
    with pytest.raises(BoardError, match="The board is for the facilitator: Hub admins and the "):
        room.by("ann").ask("GET", "rows")
    with pytest.raises(BoardError, match="The board has no GET here"):
        room.by("ann").ask("GET", "row")


def test_admins_and_facilitators_read_it_without_the_owners_of_rows(room: Room) -> None:
    room.by("ann").ask("PUT", "row", as_fields(ROW))
    for user in ("root", "eve"):
        answer = room.by(user).ask("GET", "rows")
        assert isinstance(answer, dict)
        assert answer == {
            "rows": [as_fields(ROW) | {"minutes": 0, "hand_minutes": 0}],
            "told": [],
        }


@pytest.mark.parametrize("token", ["nobody", "robot"])
def test_who_is_no_user_of_the_hub_is_refused(room: Room, token: str) -> None:
    for method, path in (("PUT", "row"), ("DELETE", "row"), ("GET", "rows")):
        with pytest.raises(BoardError, match="The Hub does not know this token as a user's"):
            room.by(token).ask(method, path, as_fields(ROW))


def test_without_a_token_nothing_is_asked_of_the_hub(room: Room) -> None:
    status, said = raw(room, "GET", "rows", {})
    assert (status, json.loads(said)["said"][:7]) == (403, "The Hub")


def test_a_hub_that_is_down_is_said_by_the_board(room: Room) -> None:
    said = "The class board cannot reach the Hub to check who you are"
    down = served(room.kept, "http://127.0.0.1:9/hub/api")
    with down as url, pytest.raises(BoardDown, match=said):
        replace(room.by("ann"), url=url).ask("GET", "rows")


def raw(
    room: Room, method: str, path: str, headers: dict[str, str], body: bytes = b""
) -> tuple[int, bytes]:
    at = HTTPConnection(room.url.split("/")[2], timeout=30)
    try:
        at.request(method, f"/services/loopcheck-board/{path}", body, headers)
        answer = at.getresponse()
        return answer.status, answer.read()
    finally:
        at.close()


ANN = {"Authorization": "token ann"}


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"", "A row is JSON."),
        (b"\xff", "A row is JSON."),
        (b"[" * 9999, "A row is JSON."),
        (b"[]", "A row has these fields and no other: hand, hints, lesson, name, requirements."),
        ({"host": "here"}, "A row has these fields and no other: hand, "),
        ({"name": " \u200b\n"}, "A row needs a name that can be seen."),
        ({"name": 1}, "A row needs a name that can be seen."),
        ({"lesson": "../x"}, "Name a lesson by its notebook"),
        ({"hand": 1}, "A hand is raised with words, or with none."),
        ({"hints": 10}, "Hints are counted from 0 to 9."),
        ({"hints": True}, "Hints are counted from 0 to 9."),
        ({"requirements": []}, "Requirements are at most 30 names with their states."),
        ({"requirements": {str(n): "met" for n in range(31)}}, "Requirements are at most 30 "),
        ({"requirements": {"x": "done"}}, "The state of a requirement is one of: met, "),
        ({"requirements": {"x": ["met"]}}, "The state of a requirement is one of: met, "),
    ],
)
def test_a_row_that_is_none_is_refused_in_one_line(
    body: bytes | dict[str, object], said: str, room: Room
) -> None:
    text = body if isinstance(body, bytes) else json.dumps(as_fields(ROW) | body).encode()
    status, answer = raw(room, "PUT", "row", ANN, text)
    assert status == 400
    assert json.loads(answer)["said"].startswith(said)
    assert rows(room) == []


def test_a_row_that_is_too_large_is_not_read(room: Room) -> None:
    fields = as_fields(replace(ROW, hand="x" * 20_000))
    try:
        status, _ = raw(room, "PUT", "row", ANN, json.dumps(fields).encode())
    except OSError:  # it hangs up
        status = 400
    assert status == 400
    assert rows(room) == []


def test_a_full_board_says_so(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "MOST_ROWS", 1)
    room.by("ann").ask("PUT", "row", as_fields(ROW))
    room.by("ann").ask("PUT", "row", as_fields(ROW))
    with pytest.raises(BoardError, match="The class board is full"):
        room.by("bob").ask("PUT", "row", as_fields(ROW))


@pytest.mark.parametrize(
    ("said", "kept_as"),
    [
        ("  Ann \n A.\t", "Ann A."),
        ("Ann\x1b[31m\x00", "Ann[31m"),
        ("\u202eAnn\u2066\u200b", "Ann"),
        ("\ud800Ann", "Ann"),
        ("x" * 50, "x" * 39 + "…"),
        ("<b>Ann</b>", "<b>Ann</b>"),  # escaped where it is shown
    ],
)
def test_a_name_loses_what_cannot_be_seen(said: str, kept_as: str) -> None:
    assert cleaned(said, row.LONGEST_NAME) == kept_as


# What the service keeps


def test_rows_survive_the_service_and_leave_after_seven_days(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = Kept(tmp_path)
    first.put("ann", replace(ROW, hand="here"))
    if os.name == "posix":
        assert (tmp_path / "board.json").stat().st_mode & 0o077 == 0
    begun = time.time()
    monkeypatch.setattr(kept, "time", SimpleNamespace(time=lambda: begun + 180))
    second = Kept(tmp_path)
    second.put("ann", replace(ROW, hand="still"))
    [one] = second.rows()
    assert (one["minutes"], one["hand_minutes"]) == (0, 3)
    monkeypatch.setattr(kept, "time", SimpleNamespace(time=lambda: begun + 181 + SECONDS_KEPT))
    assert Kept(tmp_path).rows() == []
    assert "ann" not in (tmp_path / "board.json").read_text("utf-8")


@pytest.mark.parametrize(
    "broken", ["", "{", "[]", '{"schema": 1}', '{"schema": 1, "rows": {"ann": {}}}', "[" * 9999]
)
def test_a_broken_board_file_is_kept_aside_and_told(tmp_path: Path, broken: str) -> None:
    (tmp_path / "board.json").write_text(broken, encoding="utf-8")
    board = Kept(tmp_path)
    assert board.told() == [
        "The board file board.json was broken. It is now board.broken.json, and a new one starts."
    ]
    board.put("ann", ROW)
    assert (tmp_path / "board.broken.json").read_text("utf-8") == broken
    assert len(Kept(tmp_path).rows()) == 1


def test_a_newer_file_stays_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "board.json").write_text('{"schema": 3}', encoding="utf-8")
    board = Kept(tmp_path)
    board.put("ann", ROW)
    assert board.told() == ["board.json is a newer loopcheck's: kept in memory only."]
    assert (tmp_path / "board.json").read_text("utf-8") == '{"schema": 3}'


def test_a_folder_that_cannot_be_written_is_told_and_rows_stay(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    board = Kept(tmp_path / "file")
    board.put("ann", ROW)
    [line] = board.told()
    assert line.startswith("board.json cannot be ")
    assert len(board.rows()) == 1
    assert Kept(None).told() == [kept.IN_MEMORY]


# What the facilitator sees


HAND = replace(ROW, name="<i>Bob", hand="why `x` & y?")
CLASS = shown.Shown(
    (
        shown.Seen(row=Row(name="Zoë"), minutes=0),
        shown.Seen(row=ROW, minutes=59),
        shown.Seen(row=HAND, minutes=60, hand_minutes=3),
        shown.Seen(row=replace(ROW, name="Cy", requirements=OPEN[:1], hints=0), minutes=2880),
    ),
    ("board.json cannot be written",),
)


def test_the_board_says_what_stops_the_room_and_who_is_where() -> None:
    assert shown.as_text(CLASS).splitlines() == [
        "Where most are stuck",
        "  lesson               stuck on           learners",
        "  LC102 loop-mismatch  every test passes  2 of 4",
        "Hands up",
        "  name    lesson               raised     says",
        "  <i>Bob  LC102 loop-mismatch  3 min ago  why 'x' & y?",
        "Where everyone is",
        "  name    lesson               state                        hints  last seen",
        "  Zoë                          not begun                           now",
        "  Ann     LC102 loop-mismatch  stuck on: every test passes  1      59 min ago",
        "  <i>Bob  LC102 loop-mismatch  stuck on: every test passes  1      1 h ago",
        "  Cy      LC102 loop-mismatch  solved                              2 d ago",
        "  4 shared, 1 solved the exercise they are at",
        "board.json cannot be written",
    ]


def test_html_says_the_same_escaped_and_without_colour_of_its_own() -> None:
    drawn = shown.as_html(CLASS)
    words = html.unescape(re.sub("<[^>]+>", " ", drawn)).split()
    assert words == shown.as_text(CLASS).split()
    assert "<i>" not in drawn
    assert set(re.findall(r"[^-]color:([^;\"]+)", drawn)) <= {"light-dark(#57606a,#a9b3bd)"}


@pytest.mark.parametrize(
    ("seen", "line"),
    [
        ((), "No common problem: no requirement is open."),
        (CLASS.seen[:2], "No common problem: no two people are stuck on the same requirement."),
    ],
)
def test_a_room_that_moves_is_told_as_such(seen: tuple[shown.Seen, ...], line: str) -> None:
    assert shown.as_text(shown.Shown(seen)).startswith(line)


def test_the_command_and_the_notebook_show_the_same(
    cells: Cells, room: Room, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for user in ("ann", "bob"):
        room.by(user).ask("PUT", "row", as_fields(replace(ROW, name=user)))
    monkeypatch.setenv("JUPYTERHUB_API_TOKEN", "root")
    in_notebook = cells("%progress --board")
    assert main.main(["board"]) == 0
    assert capsys.readouterr().out.strip() in in_notebook
    assert main.main(["board", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {
        "schema": 1,
        "rows": [
            as_fields(replace(ROW, name=user))
            | {"state": "stuck on: every test passes", "minutes": 0}
            for user in ("ann", "bob")
        ],
        "stops": [{"lesson": STEM, "requirement": "every test passes", "learners": 2}],
        "told": [],
    }


def test_the_command_refuses_a_learner_in_one_line(
    room: Room, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main.main(["board"]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert (
        err
        == "loopcheck: The board is for the facilitator: Hub admins and the group facilitators.\n"
    )


def test_an_answer_of_something_else_is_one_line(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Kept, "rows", lambda self: [{"minutes": 1}])
    with pytest.raises(BoardError, match="something else than rows"):
        shown.read(room.by("eve"))


# The service as the Hub starts it


@contextmanager
def started(environment: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "loopcheck", "board", "--serve"]
    with subprocess.Popen(
        command, env={**os.environ, **environment}, stdout=subprocess.PIPE, text=True
    ) as service:
        try:
            yield service
        finally:
            service.terminate()


def test_the_hub_starts_it_by_its_environment(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with (
        stand_in_hub() as api,
        started(
            {
                "JUPYTERHUB_SERVICE_URL": f"http://127.0.0.1:{port}",
                "JUPYTERHUB_API_URL": api,
                "JUPYTERHUB_SERVICE_PREFIX": "/class/services/loopcheck-board/",
                "LOOPCHECK_BOARD_HOME": str(tmp_path),
            }
        ) as service,
    ):
        assert service.stdout is not None
        assert service.stdout.readline().startswith("loopcheck's class board. Learners: %progress")
        board = asking.Board(f"http://127.0.0.1:{port}/class/services/loopcheck-board/", "eve")
        board.ask("PUT", "row", as_fields(ROW))
        assert [one.row for one in shown.read(board).seen] == [ROW]
    assert [file.name for file in tmp_path.iterdir()] == ["board.json"]


@pytest.mark.parametrize(
    ("environment", "line"),
    [
        (
            {},
            "The board is a service that a JupyterHub starts: JUPYTERHUB_SERVICE_URL, JUPYTERHUB_A",
        ),
        (
            {"JUPYTERHUB_SERVICE_URL": "http://here"},
            "JUPYTERHUB_SERVICE_URL has no host and port: ",
        ),
        (
            {"JUPYTERHUB_SERVICE_URL": "http://here:x"},
            "JUPYTERHUB_SERVICE_URL has no host and port",
        ),
    ],
)
def test_a_service_that_cannot_start_says_why(
    environment: dict[str, str],
    line: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("JUPYTERHUB_SERVICE_URL", raising=False)
    monkeypatch.delenv("JUPYTERHUB_API_URL", raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
        monkeypatch.setenv("JUPYTERHUB_API_URL", "http://127.0.0.1:9/hub/api")
    assert main.main(["board", "--serve"]) == 2
    [said] = capsys.readouterr().err.splitlines()
    assert said.startswith(f"loopcheck: {line}")


def test_a_taken_port_is_one_line(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        monkeypatch.setenv("JUPYTERHUB_SERVICE_URL", f"http://127.0.0.1:{port}")
        monkeypatch.setenv("JUPYTERHUB_API_URL", "http://127.0.0.1:9/hub/api")
        assert main.main(["board", "--serve"]) == 2
    [said] = capsys.readouterr().err.splitlines()
    assert said.startswith(f"loopcheck: The board cannot listen on 127.0.0.1:{port}: ")
