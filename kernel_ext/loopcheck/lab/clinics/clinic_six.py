"""Clinic six: sessions, pools and tables."""

from loopcheck.lab.clinic import HEALTHY, Clinic, Patient

CLINIC = Clinic(
    stem="85_clinic_six",
    patients=(
        Patient(
            project="choir",
            answer="LC607",
            places=(
                ("test_choir.py", 'assert singer.voice == "alto"'),
                ("choir.py", "await session.commit()"),
                ("conftest.py", "async with AsyncSession(engine) as session:"),
            ),
            told_by=(
                "`commit` marks what the session has as out of date, so the next look at an"
                " attribute asks the database: without an await, where no one can wait."
                " `expire_on_commit=False` where the session is made, or `await session.refresh`."
            ),
            nudge="Which attribute is read, and what happened to the object just before?",
            not_this={
                "LC202": (
                    "The coroutine that was never awaited is SQLAlchemy's own, and only what the"
                    " refusal leaves behind. What was asked of the singer?"
                ),
                "LC103": (
                    "Near: something that waits, from code that cannot. But nobody starts a loop"
                    " here."
                ),
                "LC601": "There a table is missing. The other test counts its rows.",
            },
        ),
        Patient(
            project="market",
            answer=HEALTHY,
            told_by=(
                "`order by trader desc`: Grace before Ada, as it was asked. The `except` turns a"
                " taken stall into an answer, and nothing else: that is what it is there for."
            ),
            nudge="Read what the query asks for.",
            not_this={
                "LC502": (
                    "There an error is swallowed that somebody needed. Here one kind is answered,"
                    " in one place, with a word that the caller gets."
                ),
                "LC505": (
                    "There rows of one test change another. Each test here has a file of its own,"
                    " and rolls back."
                ),
                "LC606": "There one session is used by two tasks at once. Here nothing is at once.",
            },
        ),
        Patient(
            project="vineyard",
            answer="LC601",
            places=(
                ("conftest.py", "@pytest.fixture"),
                (
                    "conftest.py",
                    'engine = create_async_engine(f"sqlite+aiosqlite:///{tmp_path}/vineyard.db")',
                ),
                ("conftest.py", "async with AsyncSession(engine) as session:"),
            ),
            told_by=(
                "A new file for each test, and nobody who makes the tables in it: to declare a"
                " class makes none. `run_sync(Base.metadata.create_all)` in the fixture does."
            ),
            nudge="The file is new. Who should have made the table in it?",
            not_this={
                "LC605": (
                    "There the tables are elsewhere, in another database. Here they are nowhere."
                ),
                "LC602": "That is the other way round.",
                "LC208": "There a test looks too early. No later would this table be there.",
            },
        ),
        Patient(
            project="ships",
            answer="LC602",
            places=(
                (
                    "ships.py",
                    'await connection.execute(text("create table ships (name text, tons int)"))',
                ),
                ("conftest.py", "await logbook.prepare()"),
                ("conftest.py", '@pytest.fixture(scope="session")'),
                ("conftest.py", "@pytest.fixture"),
            ),
            told_by=(
                "The file lives for the session, and the logbook is prepared in it for each test."
                " Either both live for one test, or the table is made once. `if not exists` would"
                " only hide that the rows of the first test are there, too."
            ),
            nudge="How long does the file live, and how often is it prepared?",
            not_this={
                "LC505": (
                    "Near: something is left by the test before. But it is not a row that is in"
                    " the way."
                ),
                "LC601": "That is the other way round.",
                "LC501": "There a metric is registered twice. What is it here?",
            },
        ),
        Patient(
            project="kennel",
            answer="LC603",
            places=(
                ("kennel.py", "book = await self.engine.connect()"),
                ("kennel.py", "book = await self.reader()"),
                ("kennel.py", "self.readers.append(book)"),
            ),
            told_by=(
                "Each look takes a connection and keeps it until the kennel closes. The pool has"
                " two, so the third look waits in vain. A larger pool would only move the number;"
                " `async with` in `look_up` gives each back."
            ),
            nudge="How many connections are there, and who has them when the third is asked for?",
            not_this={
                "LC203": (
                    "Near: somebody waits for what never comes. But the pool itself says what is"
                    " missing, and gives up. Who has it?"
                ),
                "LC307": (
                    "There something is never closed. Here all is closed, at the end. That is too"
                    " late."
                ),
                "LC604": "There the pool belongs to another loop. Here it has one, and is empty.",
            },
        ),
    ),
)
