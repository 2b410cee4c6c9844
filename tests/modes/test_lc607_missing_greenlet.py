"""LC607: it names model and attribute, and why a look at it asks the database."""

from dataclasses import replace

from loopcheck.modes.databases.lc607_missing_greenlet import detect
from loopcheck.modes.databases.lc607_missing_greenlet.evidence import find_implicit_io
from loopcheck.records import ErrorRecord, Evidence, ImplicitIO, Place

LINE, COMMIT = Place("tests/test_shop.py", 12, "test_one"), Place("tests/test_shop.py", 11)
EXPIRED = ImplicitIO(
    name="User.name",
    model="User",
    attribute="name",
    how="expired",
    used_at=LINE,
    since=COMMIT,
    by="commit",
    expires=True,
)
POSTS = replace(EXPIRED, name="User.posts", attribute="posts", relationship=True)

ERROR = ErrorRecord(
    type="MissingGreenlet",
    message="",
    module="sqlalchemy.util.concurrency",
    function="await_only",
    raised="other",
    owner="library",
)


def case(seen: ImplicitIO) -> Evidence:
    return Evidence.knowing({find_implicit_io: seen}, errors=(ERROR,))


def test_the_attribute_the_line_and_the_commit_are_named() -> None:
    [found] = detect(case(EXPIRED))
    assert (found.certainty, found.where) == ("certain", LINE)
    assert found.subject is not None
    assert (found.subject.name, found.subject.type) == ("User.name", "attribute")
    assert found.what == (
        "`User.name` is read at tests/test_shop.py:12 but expired with the commit at"
        " tests/test_shop.py:11, so SQLAlchemy queries the database again."
    )
    assert found.why == (
        "A commit (`expire_on_commit`), a rollback, or a flush of values that the database"
        " computes expires an attribute. SQLAlchemy loads it again when the code reads it, and a"
        " plain attribute can't await."
    )
    assert found.fix == (
        "Create the session with `expire_on_commit=False`: `async_sessionmaker(engine,"
        " expire_on_commit=False)`. Or load it before this line: `await session.refresh(user)`."
    )


def test_what_does_not_help_is_not_advised() -> None:
    lazy = replace(POSTS, how="lazy", by=None, since=None)
    for seen in (lazy, replace(EXPIRED, by="rollback")):
        [found] = detect(case(seen))
        assert "expire_on_commit=False" not in found.fix
    [found] = detect(case(replace(EXPIRED, expires=False)))
    assert "expire_on_commit=False" not in found.fix


def test_a_relationship_is_loaded_with_its_query() -> None:
    [found] = detect(case(replace(POSTS, how="lazy", since=None)))
    assert found.what == (
        "`User.posts` is read at tests/test_shop.py:12 but was not loaded, so SQLAlchemy queries"
        " the database there."
    )
    assert "`.options(selectinload(User.posts))`" in found.fix


def test_a_query_is_no_help_to_what_expires_all_the_same() -> None:
    for seen in (replace(POSTS, by="rollback"), replace(POSTS, by="flush", expires=False)):
        [found] = detect(case(seen))
        assert "selectinload" not in found.fix
        assert '`await session.refresh(user, ["posts"])`' in found.fix


def test_a_column_that_was_left_out_is_no_relationship_and_has_not_expired() -> None:
    body = replace(EXPIRED, name="Post.body", attribute="body", how="lazy", left_out=True)
    [lazy] = detect(case(body))
    assert "relationship" not in lazy.why
    assert "`.options(undefer(Post.body))`; or before this line" in lazy.fix
    [closed] = detect(case(replace(body, how="detached", expires=None)))
    assert "expire_on_commit" not in closed.fix
    assert closed.fix.endswith("`.options(undefer(Post.body))`, while the session is open.")


def test_a_property_is_not_loaded_but_what_it_reads() -> None:
    size = replace(EXPIRED, name="Team.size", model="Team", attribute="size", how="inside")
    [found] = detect(case(size))
    assert found.what.endswith("and needs an attribute that SQLAlchemy queries the database for.")
    assert found.fix == "Load what `Team.size` reads in the query that returns the Team."


def test_a_column_that_the_base_has_not_did_not_expire() -> None:
    [found] = detect(case(replace(EXPIRED, how="base", by=None, expires=None)))
    assert "expired" not in found.what
    assert found.fix == (
        'Add `"polymorphic_load": "selectin"` to the `__mapper_args__` of `User`. Or load it'
        ' before this line: `await session.refresh(user, ["name"])`.'
    )


def test_a_plain_function_is_not_told_to_await() -> None:
    lazy = replace(POSTS, how="lazy", by=None, since=None, sync="to_dict")
    [found] = detect(case(lazy))
    assert found.fix == "Load it in the query with `.options(selectinload(User.posts))`."
    [expired] = detect(case(replace(EXPIRED, sync="to_dict")))
    assert "Or load it before `to_dict` is called: " in expired.fix


def test_a_synchronous_call_is_named_as_it_is_written() -> None:
    [found] = detect(case(ImplicitIO(name="engine.sync_engine.connect")))
    assert "run_sync" in found.fix


def test_the_words_alone_are_left_alone() -> None:
    said = ErrorRecord(
        type="builtins.RuntimeError",
        message="greenlet_spawn has not been called; can't call await_() here.",
        module="shop",
        function="sell",
        raised="raise",
        owner="user",
    )
    assert not list(detect(Evidence(errors=(said,))))
