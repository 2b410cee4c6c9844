"""LC304 unknown-config: a setting that no plugin knows, or a file that pytest does not read.

What: `asyncio_mode = auto` is written down, and async tests and fixtures are not run all the same.
Why:  pytest reads one file: the first of pytest.toml, pytest.ini, pyproject.toml, tox.ini and
      setup.cfg that is for it, in the root of the run, and there one section. What stands in others
      is passed over; only the header says so, which `-q` hides. A misspelt name gives a warning.
Fix:  one file, the right section, the right name. `--strict-config` refuses unknown names.
"""

from collections.abc import Iterator

from loopcheck.facts.records import Evidence, SessionRecord, SettingRecord, Subject
from loopcheck.modes._match import left_to_pytest, undecorated
from loopcheck.modes.finding import Finding

CODE, SLUG = "LC304", "unknown-config"
SUPERSEDES = frozenset({"LC301", "LC303"})
SAYS = (
    "Unknown config option",
    "ignoring pytest config in",
    "is not a valid asyncio_mode",
    "section in setup.cfg files is no longer supported",
    "is not a valid asyncio_default_",
    "async def functions are not natively supported + mode=Mode.STRICT",
    "async def functions are not natively supported",
    "requested an async fixture + mode=Mode.STRICT",
)

MODE = "asyncio_mode"


def detect(evidence: Evidence) -> Iterator[Finding]:
    """Name the line that was to let pytest-asyncio take the test or fixture, and does not."""
    session = evidence.session
    if session is None or session.mode != "strict" or not session.idle:
        return
    if not (_test_left(evidence) or undecorated(evidence.set_up)):
        return
    setting = session.idle[0]
    why, fix = _words(setting, session)
    yield Finding(
        code=CODE,
        slug=SLUG,
        certainty="certain",
        subject=Subject(name=setting.name, type="setting"),
        where=setting.place,
        what=f"`{setting.name}` has no effect here: pytest-asyncio works in strict mode.",
        why=why,
        fix=fix,
    )


def _test_left(evidence: Evidence) -> bool:
    """Return whether auto mode would have run the test."""
    item = evidence.item
    if item is None or item.form != "coroutine" or item.wrapper is not None:
        return False
    return item.isolated is None and left_to_pytest(evidence)


def _words(setting: SettingRecord, session: SessionRecord) -> tuple[str, str]:
    """Return why it has no effect, and what to change."""
    file, read = setting.place.file, session.settings
    if not setting.read:
        from_there = f"pytest reads {read} in this run" if read else "pytest reads no file"
        to = f"Move it to {read}" if read else f"Move {file} to the folder that pytest starts from"
        return (
            f"{from_there}, and nothing of {file}.",
            f"{to}: one file for all settings.",
        )
    if setting.name not in (MODE, "--asyncio-mode"):
        return (
            f"No plugin knows `{setting.name}`: pytest warns and goes on.",
            f"Say `{MODE} = auto`. `--strict-config` refuses names that nobody knows.",
        )
    return (
        f"It stands outside of the section that pytest reads of {file}.",
        f"Move it there: {_section(file)}.",
    )


def _section(file: str) -> str:
    if file.endswith("pyproject.toml"):
        return "`[tool.pytest.ini_options]`"
    return "`[tool:pytest]`" if file.endswith("setup.cfg") else "`[pytest]`"
