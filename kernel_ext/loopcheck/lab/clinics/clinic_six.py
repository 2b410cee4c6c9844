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
                "`commit` expires the session's objects, so the next read of an attribute queries "
                "the database: without an await, where nothing can wait. Set "
                "`expire_on_commit=False` where the session is made, or `await session.refresh`."
            ),
            nudge="Which attribute does the test read, and what happened to the object just "
            "before?",
            not_this={
                "LC202": (
                    "The coroutine that was never awaited is SQLAlchemy's own, a leftover of the "
                    "error. What did the test read from the singer?"
                ),
                "LC103": (
                    "Near: code that cannot wait tries to wait. But nothing starts a loop here."
                ),
                "LC601": "In LC601 a table is missing. Here the other test counts its rows.",
            },
        ),
        Patient(
            project="market",
            answer=HEALTHY,
            told_by=(
                "`order by trader desc` puts Grace before Ada, as requested. The `except` only "
                "turns a taken stall into an answer: that is what it is for."
            ),
            nudge="Read the query's `order by`.",
            not_this={
                "LC502": (
                    "In LC502 the code swallows an error that the caller needed. Here it handles "
                    "one kind of error, in one place, with an answer for the caller."
                ),
                "LC505": (
                    "In LC505 the rows of one test change another. Here each test has its own "
                    "file, and rolls back."
                ),
                "LC606": "In LC606 two tasks use one session at the same time. Here nothing runs "
                "concurrently.",
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
                "Each test has a new file, and nothing makes the tables in it: declaring a class "
                "makes no table. Call `run_sync(Base.metadata.create_all)` in the fixture."
            ),
            nudge="The file is new. Which code should have made the table in it?",
            not_this={
                "LC605": ("In LC605 the tables are in another database. Here they exist nowhere."),
                "LC602": "That is the other way round.",
                "LC208": "In LC208 a test asserts too early. Here waiting would not help: nothing "
                "makes the table.",
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
                "The file lives for the session, and each test prepares the logbook in it. Either "
                "both live for one test, or the code makes the table once. `if not exists` would "
                "only hide that the rows of the first test are still there."
            ),
            nudge="How long does the file live, and how often does the code prepare it?",
            not_this={
                "LC505": (
                    "Near: the test before leaves something. But the error is not about a row."
                ),
                "LC601": "That is the other way round.",
                "LC501": "In LC501 the code registers a metric twice. What does it make twice "
                "here?",
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
                "Each look takes a connection and keeps it until the kennel closes. The pool has "
                "two, so the third look waits in vain. A larger pool would only move the number; "
                "`async with` in `look_up` returns each connection."
            ),
            nudge="How many connections are there, and which code holds them when the third look "
            "starts?",
            not_this={
                "LC203": (
                    "Near: a task waits for something that never comes. But the pool itself "
                    "reports what is missing, and gives up. Which code holds it?"
                ),
                "LC307": (
                    "In LC307 the code never closes something. Here it closes everything, at the "
                    "end. That is too late."
                ),
                "LC604": "In LC604 the pool belongs to another loop. Here it has the right loop, "
                "and is empty.",
            },
        ),
    ),
)
