"""LC607: it names model and attribute, and why a look at it asks the database."""

from dataclasses import replace

from loopcheck.facts.records import ErrorRecord, Evidence, ImplicitIO, Place
from loopcheck.modes.lc607_missing_greenlet import detect

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


def test_the_attribute_the_line_and_the_commit_are_named() -> None:
    [found] = detect(Evidence(implicit=EXPIRED))
    assert (found.certainty, found.where) == ("certain", LINE)
    assert found.subject is not None
    assert (found.subject.name, found.subject.type) == ("User.name", "attribute")
    assert found.what == (
        "`User.name` is asked for at tests/test_shop.py:12 and has expired since the commit at"
        " tests/test_shop.py:11: it asks the database again."
    )
    assert found.why == (
        "After a commit (`expire_on_commit`), a rollback, or a flush of what the database computes,"
        " a model loads itself anew at the next look, and a look cannot await."
    )
    assert found.fix == (
        "Make the session with `expire_on_commit=False`: `async_sessionmaker(engine,"
        " expire_on_commit=False)`. Or load it before this line: `await session.refresh(user,"
        ' ["name"])`.'
    )


def test_what_does_not_help_is_not_advised() -> None:
    lazy = replace(POSTS, how="lazy", by=None, since=None)
    for seen in (lazy, replace(EXPIRED, by="rollback")):
        [found] = detect(Evidence(implicit=seen))
        assert "expire_on_commit=False" not in found.fix
    [found] = detect(Evidence(implicit=replace(EXPIRED, expires=False)))
    assert "expire_on_commit=False" not in found.fix


def test_a_relationship_is_loaded_with_its_query() -> None:
    [found] = detect(Evidence(implicit=replace(POSTS, how="lazy", since=None)))
    assert found.what == (
        "`User.posts` is asked for at tests/test_shop.py:12 and was never loaded: it asks the"
        " database now."
    )
    assert "`.options(selectinload(User.posts))`" in found.fix


def test_a_synchronous_call_is_named_as_it_is_written() -> None:
    [found] = detect(Evidence(implicit=ImplicitIO(name="engine.sync_engine.connect")))
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
