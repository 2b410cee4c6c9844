"""LC602: it names who made the table first, and who wants to make it again."""

from dataclasses import replace

from loopcheck.case.schema_evidence import find_schema
from loopcheck.modes.databases.lc602_table_exists import detect
from loopcheck.records import DoneAt, ErrorRecord, Evidence, Place, SchemaRecord, TableStory

AGAIN, FIRST = Place("tests/conftest.py", 8, "db"), Place("tests/test_shop.py", 5, "test_one")
MADE = TableStory(
    verb="create",
    done=DoneAt(place=AGAIN, fixture="db", test="t.py::one"),
    words="the SQLite file `app.db`",
    name="users",
    same=True,
)
SEEN = SchemaRecord(
    what="exists",
    table="users",
    database="the SQLite file `app.db`",
    used_at=AGAIN,
    story=(MADE,),
    sure=False,
)

ERROR = ErrorRecord(
    type="OperationalError",
    message="",
    module="sqlalchemy.engine.default",
    function="do_execute",
    raised="other",
    owner="library",
)


def case(seen: SchemaRecord) -> Evidence:
    return Evidence.knowing({find_schema: seen}, errors=(ERROR,))


def test_a_fixture_that_makes_it_again_is_named() -> None:
    [found] = detect(case(SEEN))
    assert (found.certainty, found.where) == ("certain", AGAIN)
    assert found.what == (
        "Table `users` is created at tests/conftest.py:8, but it was already created at"
        " tests/conftest.py:8 in fixture `db` during t.py::one."
    )
    assert found.why == (
        "The SQLite file `app.db` outlives the fixture that creates the table; the fixture runs"
        " again."
    )
    assert "`tmp_path`" in found.fix


def test_a_test_that_left_it_is_the_one_to_change() -> None:
    left = replace(MADE, done=DoneAt(place=FIRST, test="t.py::one"))
    [found] = detect(case(replace(SEEN, story=(left,))))
    assert (found.where, found.used_at) == (FIRST, AGAIN)


def test_a_test_that_makes_it_twice_is_not_told_of_scopes() -> None:
    test = Place("tests/test_shop.py", 6, "test_one")
    twice = replace(SEEN, used_at=test, story=(replace(MADE, done=DoneAt(place=FIRST)),))
    [found] = detect(case(twice))
    assert (found.where, found.made_at) == (test, FIRST)
    assert found.why == "The test creates the table twice, and does not drop it in between."
    assert found.fix == "Create `users` once in this test, or drop it before you create it again."


def test_what_is_older_than_the_run_is_likely() -> None:
    [found] = detect(case(replace(SEEN, story=())))
    assert found.certainty == "likely"
    assert found.what.endswith("it is older than this run.")


def test_what_an_unfollowed_driver_may_have_made_is_not_called_older() -> None:
    [found] = detect(case(replace(SEEN, story=(), unfollowed=True)))
    assert found.what.endswith("or loopcheck did not see what created it.")


def test_a_table_that_was_dropped_since_is_no_first() -> None:
    dropped = replace(MADE, verb="drop")
    [found] = detect(case(replace(SEEN, story=(MADE, dropped))))
    assert found.certainty == "likely"


def test_two_at_once_and_a_model_declared_twice_have_their_own_words() -> None:
    [both] = detect(case(replace(SEEN, at_once=True)))
    assert (
        both.what
        == "Table `users` is created at tests/conftest.py:8 by two connections at the same time."
    )
    twice = replace(SEEN, what="defined twice", models="User", model=FIRST, story=())
    [found] = detect(case(twice))
    assert found.what == (
        "Table `users` is declared a second time at tests/conftest.py:8, but `User` at"
        " tests/test_shop.py:5 already declares it."
    )


def test_a_table_that_a_function_makes_anew_is_no_class() -> None:
    at = Place("app/models.py", 7, "users")
    twice = replace(SEEN, what="defined twice", used_at=at, bare=True, story=())
    [found] = detect(case(twice))
    assert found.why.endswith("Each call of `users` declares it anew.")
    assert "class" not in found.fix
    [elsewhere] = detect(case(replace(twice, first=FIRST)))
    assert elsewhere.what.endswith(f"models.py:7, but {FIRST} already declares it.")


def test_migrations_that_a_fixture_runs_again_are_left_as_they_are() -> None:
    fixture = Place("tests/conftest.py", 12, "db")
    [found] = detect(case(replace(SEEN, fixture_at=fixture)))
    assert (found.where, found.used_at) == (fixture, AGAIN)


def test_words_without_a_database_are_left_alone() -> None:
    assert not list(detect(case(replace(SEEN, database=None, story=()))))
    assert not list(detect(case(replace(SEEN, what="missing"))))
