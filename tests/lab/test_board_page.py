"""The board's page: behind the Hub's login, for facilitators, with what the class shares.

The service is real, the Hub is a stand-in. tests/browser/test_board_in_browser.py
draws it, and tests/workshop/measure_class.py logs in at a real JupyterHub.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from boards import CLIENT, PREFIX, Room, room  # type: ignore[import-not-found]

from loopcheck.lab.board import login
from loopcheck.lab.board.kept import LONGEST_GAP, Dated, Kept
from loopcheck.lab.board.picture import picture
from loopcheck.lab.board.row import Row, State, as_fields

__all__ = ["room"]
HUNG, MISMATCH = "lc203_hang", "lc102_loop_mismatch"
MET: tuple[tuple[str, State], ...] = (("it ends", "met"), ("it is named", "met"))
OPEN: tuple[tuple[str, State], ...] = (("it ends", "met"), ("it is named", "not met"))
NOW = 100_000.0


@dataclass
class Browser:
    """What a browser keeps of the board: its cookies."""

    room: Room
    cookies: dict[str, str] = field(default_factory=dict)

    def get(self, path: str, **headers: str) -> tuple[int, Mapping[str, str], bytes]:
        """Return the status, the headers and the body; no redirect is followed."""
        parts = urlsplit(self.room.url)
        connection = HTTPConnection(parts.hostname or "", parts.port, timeout=30)
        sent = {
            "Accept": "text/html",
            "Cookie": "; ".join(f"{n}={v}" for n, v in self.cookies.items()),
        }
        connection.request("GET", path, headers=sent | headers)
        answer = connection.getresponse()
        body = answer.read()
        for name, value in answer.getheaders():
            if name == "Set-Cookie":
                cookie, _, flags = value.partition(";")
                assert flags.endswith("; HttpOnly; SameSite=Lax")
                key, _, kept = cookie.partition("=")
                self.cookies[key] = kept
        connection.close()
        return answer.status, dict(answer.getheaders()), body

    def log_in(self, user: str) -> tuple[int, Mapping[str, str], bytes]:
        """Go to the Hub and come back as *user*, and return what is shown then."""
        status, headers, _ = self.get(PREFIX)
        assert status == 302
        sent = parse_qs(urlsplit(headers["Location"]).query)
        assert sent["client_id"] == [CLIENT.name]
        back = f"{sent['redirect_uri'][0]}?code={user}&state={sent['state'][0]}"
        self.get(back)
        return self.get(PREFIX)


@pytest.mark.parametrize("user", ["eve", "root"])
def test_a_facilitator_logs_in_and_sees_the_page_and_the_class(room: Room, user: str) -> None:
    room.by("ann").ask("PUT", "row", as_fields(Row(name="Ann", lesson=HUNG, requirements=OPEN)))
    browser = Browser(room)
    status, headers, page = browser.log_in(user)
    assert (status, headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert "script-src 'self'" in headers["Content-Security-Policy"]
    assert b"Class board" in page
    status, _, found = browser.get(f"{PREFIX}picture")
    assert status == 200
    assert [one["code"] for one in json.loads(found)["lessons"]] == ["LC203"]
    for name in ("board.js", "board.css"):
        assert browser.get(PREFIX + name)[0] == 200


def test_a_learner_is_refused_with_a_line_and_no_name(room: Room) -> None:
    room.by("ann").ask("PUT", "row", as_fields(Row(name="Ann the first")))
    browser = Browser(room)
    status, _, page = browser.log_in("bob")
    assert status == 403
    assert b"The board is for the facilitator" in page
    assert b"Ann" not in page
    assert browser.get(f"{PREFIX}picture")[0] == 403


@pytest.mark.parametrize("path", ["picture", "rows"])
def test_without_a_login_there_is_no_class(room: Room, path: str) -> None:
    assert Browser(room, {login.SESSION: "guessed"}).get(PREFIX + path)[0] == 403


@pytest.mark.parametrize("state", ["", "another"])
def test_a_login_that_was_begun_elsewhere_is_refused(room: Room, state: str) -> None:
    browser = Browser(room)
    browser.get(PREFIX)
    status, _, page = browser.get(f"{PREFIX}oauth_callback?code=eve&state={state}")
    assert status == 403
    assert b"was not begun here" in page
    assert login.SESSION not in browser.cookies


def test_a_code_that_the_hub_does_not_know_is_refused(room: Room) -> None:
    browser = Browser(room)
    assert browser.log_in("nobody")[0] == 302  # to the login again
    assert login.SESSION not in browser.cookies


def test_the_cookie_is_for_https_if_the_page_is(room: Room) -> None:
    _, headers, _ = Browser(room).get("/nowhere")
    assert "Set-Cookie" not in headers
    parts = urlsplit(room.url)
    connection = HTTPConnection(parts.hostname or "", parts.port, timeout=30)
    connection.request("GET", PREFIX, headers={"Accept": "text/html", "X-Forwarded-Proto": "https"})
    assert "; Secure" in (connection.getresponse().getheader("Set-Cookie") or "")
    connection.close()


def test_a_program_still_gets_json(room: Room) -> None:
    assert json.loads(Browser(room).get(PREFIX, Accept="application/json")[2])["said"]


# What the page shows


def dated(name: str, requirements: tuple[tuple[str, State], ...] = (), **more: object) -> Dated:
    about = {"lesson": HUNG, "hand": None, "ago": 60, "hand_ago": 60, "spent": {}} | more
    lesson, hand = str(about["lesson"]), about["hand"]
    row = Row(
        name=name,
        lesson=lesson,
        requirements=requirements,
        hand=hand if isinstance(hand, str) else None,
    )
    spent = about["spent"]
    assert isinstance(spent, dict)
    return Dated(row, NOW - float(str(about["ago"])), NOW - float(str(about["hand_ago"])), spent)


def drawn(*rows: Dated) -> dict[str, object]:
    found = picture(rows, ["told"], NOW)
    assert json.loads(json.dumps(found)) == found
    return found


def test_hands_come_first_the_longest_raised_before_the_others() -> None:
    found = drawn(
        dated("Ann", OPEN, hand="which loop?", hand_ago=130),
        dated("Bob", hand="", hand_ago=3600),
        dated("Cy", MET),
    )
    assert found["hands"] == [
        {"name": "Bob", "lesson": "LC203 hang", "minutes": 60, "says": ""},
        {"name": "Ann", "lesson": "LC203 hang", "minutes": 2, "says": "which loop?"},
    ]
    assert found["counts"] == {
        "learners": 3,
        "hands": 2,
        "solved": 1,
        "stuck": 1,
        "working": 0,
        "reading": 1,
    }


def test_lessons_are_in_the_order_of_the_paths_and_learners_by_need() -> None:
    found = drawn(
        dated("solved", MET),
        dated("working", (("it ends", "met"), ("it is named", "not looked at"))),
        dated("stuck", OPEN),
        dated("hand", MET, hand="but why?"),
        dated("reading", (("it ends", "not looked at"),)),
        dated("first", MET, lesson=MISMATCH),
        dated("new", lesson=""),
        dated("clinic", lesson="80_clinic_one"),
        dated("own", lesson="x9_ours"),
    )
    lessons = found["lessons"]
    assert isinstance(lessons, list)
    assert [(one["code"], one["name"]) for one in lessons] == [
        ("", "before the first lesson"),
        ("LC102", "loop-mismatch"),
        ("LC203", "hang"),
        ("", "clinic one"),
        ("", "x9 ours"),
    ]
    names = [one["name"] for one in lessons[2]["learners"]]
    assert names == ["hand", "stuck", "working", "reading", "solved"]


def test_where_most_are_stuck_needs_two() -> None:
    assert drawn(dated("Ann", OPEN), dated("Bob", MET))["stops"] == []
    assert drawn(dated("Ann", OPEN), dated("Bob", OPEN))["stops"] == [
        {"lesson": "LC203 hang", "requirement": "it is named", "learners": 2}
    ]


def test_who_has_no_verdict_for_ten_minutes_is_quiet_unless_all_is_solved() -> None:
    found = drawn(dated("a", OPEN, ago=599), dated("b", OPEN, ago=600), dated("c", MET, ago=9999))
    lessons = found["lessons"]
    assert isinstance(lessons, list)
    assert {one["name"]: one["quiet"] for one in lessons[0]["learners"]} == {
        "a": 0,
        "b": 10,
        "c": 0,
    }


def test_time_is_counted_by_lesson_until_it_is_solved(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = Kept(None)

    def put(row: Row, at: float) -> None:
        monkeypatch.setattr("loopcheck.lab.board.kept.time.time", lambda: at)
        kept.put("ann", row)

    first, second = (
        Row(name="Ann", lesson=MISMATCH, requirements=OPEN),
        Row(name="Ann", lesson=HUNG),
    )
    put(first, 0.0)
    put(replace(first, requirements=MET), 300.0)
    put(second, 1000.0)  # what passed after it was solved is not its time
    assert kept.all["ann"].spent_until(1060.0) == {MISMATCH: 300.0, HUNG: 60.0}
    assert kept.all["ann"].spent_until(1000.0 + 3 * LONGEST_GAP)[HUNG] == LONGEST_GAP


def test_the_time_survives_the_service_and_an_older_file_is_read(tmp_path: Path) -> None:
    first = Kept(tmp_path)
    first.put("ann", Row(name="Ann", lesson=HUNG))
    file = tmp_path / "board.json"
    stored = json.loads(file.read_text("utf-8"))
    stored["rows"]["ann"]["spent"] = {HUNG: 90.0}
    file.write_text(json.dumps(stored), encoding="utf-8")
    assert Kept(tmp_path).all["ann"].spent == {HUNG: 90.0}
    del stored["rows"]["ann"]["spent"]
    file.write_text(json.dumps(stored | {"schema": 1}), encoding="utf-8")
    again = Kept(tmp_path)
    assert (again.told(), again.all["ann"].spent) == ([], {})


def test_nothing_of_an_answer_and_no_owner_is_in_the_picture() -> None:
    kept = Kept(None)
    kept.put("the-owner", Row(name="Ann", lesson=HUNG, requirements=OPEN, hints=1))
    found = picture(kept.all.values(), [], kept.all["the-owner"].when)
    assert "the-owner" not in json.dumps(found)
    lessons = found["lessons"]
    assert isinstance(lessons, list)
    assert lessons[0]["learners"] == [
        {
            "name": "Ann",
            "state": "stuck",
            "met": 1,
            "of": 2,
            "stop": "it is named",
            "hints": 1,
            "hand": False,
            "minutes": 0,
            "quiet": 0,
        }
    ]
