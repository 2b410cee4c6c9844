"""Answers to the exercise of LC602: the right ones and the wrong turns."""

from changes import in_text  # type: ignore[import-not-found]

from loopcheck.lab.exercises.lc602_table_exists import SKELETON

SKELETON_SAYS = ("every test runs and passes", "table visits already exists")

MAKES = "        await db.execute(diary.SCHEMA)\n"
GIVES = "        yield db\n"
PATH = """@pytest.fixture(scope="module")
def path(tmp_path_factory):
    return tmp_path_factory.mktemp("tuner") / "diary.db"
"""
OWN_FILE = """@pytest.fixture
def path(tmp_path):
    return tmp_path / "any.db"
"""
KEEPS = '        await db.execute(diary.SCHEMA.replace("table", "table if not exists"))\n'


def changed(*pairs: tuple[str, str]) -> str:
    """Return the skeleton with changes."""
    text: str = in_text(*pairs, text=SKELETON)
    return text


RIGHT = {
    "a file for each test": changed((PATH, OWN_FILE)),
    "in memory": changed(
        (PATH, ""), ("db(path)", "db()"), ("connect(path)", 'connect(":memory:")')
    ),
    "dropped where it is made": changed(
        (GIVES, GIVES + '        await db.execute("drop table visits")\n')
    ),
    "one table, its rows taken out": changed(
        (MAKES, KEEPS),
        (
            GIVES,
            '        await db.execute("delete from visits")\n        await db.commit()\n' + GIVES,
        ),
    ),
}

# answer → the requirement that is not met, and words of the remark
WRONG = {
    "if not exists": (changed((MAKES, KEEPS)), "every test", "A day that should be free is taken"),
    "caught": (
        changed((MAKES, f"        try:\n    {MAKES}        except Exception:\n            pass\n")),
        "every test",
        "A day that should be free is taken",
    ),
    "a schema of its own": (
        changed(
            (PATH, OWN_FILE), ("diary.SCHEMA", '"create table visits (day integer, house text)"')
        ),
        "new column",
        "let them use `diary.SCHEMA`",
    ),
    "nobody makes it": (changed((MAKES, "")), "every test", "Each new file is empty"),
    "skipped": (
        changed(("async def test_another", "@pytest.mark.skip\nasync def test_another")),
        "every test",
        "A skipped or xfailed test",
    ),
    "nobody is refused": (
        changed((PATH, OWN_FILE), ("with pytest.raises(diary.Taken):", "if False:")),
        "a second visit",
        "",
    ),
}
