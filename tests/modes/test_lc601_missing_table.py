"""LC601: it says what became of the table, and leaves slips of the pen alone."""

from dataclasses import replace

from loopcheck.case.schema_evidence import find_schema
from loopcheck.modes.databases.lc601_missing_table import detect
from loopcheck.records import (
    DoneAt,
    ErrorRecord,
    Evidence,
    Kept,
    Place,
    SchemaRecord,
    Subject,
    TableStory,
)

USE, MAKER = Place("tests/test_shop.py", 12, "test_one"), Place("tests/conftest.py", 3, "engine")
MADE_AT = Place("tests/conftest.py", 8, "schema")
SEEN = SchemaRecord(
    what="missing",
    table="users",
    database="the PostgreSQL database `shop`",
    thing=Kept(subject=Subject(name="engine", type="x.AsyncEngine"), kept_at=MAKER),
    used_at=USE,
    models="User",
    model=Place("shop/models.py", 4, "User"),
)
MADE = TableStory(
    verb="create",
    done=DoneAt(place=MADE_AT, fixture="schema"),
    words="the PostgreSQL database `shop`",
    name="users",
    same=True,
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


def _of(seen: SchemaRecord) -> tuple[str, Place | None, str]:
    [found] = detect(case(seen))
    assert found.subject is not None
    assert found.subject.name == "users"
    return found.certainty, found.where, found.what


def test_a_table_that_nobody_made_is_likely_elsewhere() -> None:
    assert _of(SEEN) == (
        "likely",
        MAKER,
        "Table `users` is queried at tests/test_shop.py:12 through `engine` in the PostgreSQL"
        " database `shop`, but nothing in this run created it there.",
    )


def test_a_transaction_that_was_rolled_back_took_it_away() -> None:
    assert _of(replace(SEEN, story=(replace(MADE, state="rolled back"),))) == (
        "certain",
        MADE_AT,
        "Table `users` is queried at tests/test_shop.py:12 through `engine`, but was created at"
        " tests/conftest.py:8 in fixture `schema` in a transaction that was rolled back.",
    )


def test_what_another_test_made_for_itself_is_no_second_address() -> None:
    apart = replace(MADE, same=False, done=DoneAt(place=MADE_AT, test="t.py::one", apart=True))
    certainty, _, what = _of(replace(SEEN, story=(apart,)))
    assert certainty == "likely"
    assert what.endswith("but nothing in this run created it there.")


def test_another_database_in_memory_is_another() -> None:
    memory = "an in-memory SQLite database"
    there = replace(MADE, words=memory, same=False)
    certainty, where, what = _of(replace(SEEN, database=memory, memory=True, story=(there,)))
    assert (certainty, where) == ("certain", MAKER)
    assert what.endswith("in fixture `schema` in another in-memory SQLite database.")


def test_who_uses_no_engine_is_told_of_none() -> None:
    memory = "an in-memory SQLite database"
    seen = replace(
        SEEN, database=memory, memory=True, story=(replace(MADE, words=memory, same=False),)
    )
    [plain] = detect(case(seen))
    [pooled] = detect(case(replace(seen, pool="NullPool")))
    assert "create_async_engine" not in plain.fix
    assert "tmp_path" in plain.fix
    assert "poolclass=StaticPool" in pooled.fix


def test_an_engine_that_the_application_makes_is_changed_there_alone() -> None:
    memory, made_at = "an in-memory SQLite database", Place("shop/db.py", 18, "__init__")
    engine = Kept(subject=Subject(name="db.engine", type="x"), kept_at=MAKER, made_at=made_at)
    story = (replace(MADE, words=memory, same=False),)
    seen = replace(SEEN, database=memory, memory=True, story=story, thing=engine, pool="NullPool")
    [found] = detect(case(seen))
    assert found.where == made_at
    assert found.fix.startswith("Keep one connection: ")


def test_who_dropped_it_is_named() -> None:
    last = replace(MADE, verb="drop", done=DoneAt(place=USE, test="t.py::two"))
    _, where, what = _of(replace(SEEN, story=(MADE, last)))
    assert where == USE
    assert what.endswith("but was dropped at tests/test_shop.py:12 during t.py::two.")


def test_a_create_all_that_did_not_know_it_is_named() -> None:
    certainty, where, what = _of(replace(SEEN, empty=DoneAt(place=MADE_AT)))
    assert (certainty, where) == ("certain", MADE_AT)
    assert what.endswith("but the `create_all` at tests/conftest.py:8 did not know it.")


def test_another_schema_is_named() -> None:
    _, _, what = _of(replace(SEEN, story=(replace(MADE, name="app.users"),)))
    assert what.endswith(
        "but was created as `app.users` at tests/conftest.py:8 in fixture `schema`."
    )


def test_a_slip_of_the_pen_is_left_alone() -> None:
    slip = replace(SEEN, unknown=True, near=("user",), models=None, model=None)
    assert not list(detect(case(slip)))


def test_words_and_the_other_mode_are_left_alone() -> None:
    said = ErrorRecord(
        type="RuntimeError",
        message="no such table: users",
        module="shop",
        function="sell",
        raised="raise",
        owner="user",
    )
    assert not list(detect(Evidence(errors=(said,))))
    assert not list(detect(case(replace(SEEN, what="exists"))))
