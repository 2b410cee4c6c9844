"""LC104 loop-policy: the wrong kind of loop, or a policy that has no effect.

What: code needs what only another kind of loop can do: `add_reader` on Windows' proactor loop, or
      a subprocess on a selector loop there. asyncio raises `NotImplementedError` without a message.
      Or a fixture or a test sets a policy, and that has no effect, without a warning.
Why:  a loop's kind is fixed when it is created. pytest-asyncio reads the policy at the start of the
      session and restores it for each loop, so a fixture or a test sets it too late.
Fix:  choose the loop of the tests in conftest.py:
      `def pytest_asyncio_loop_factories(config, item): return {"own": asyncio.SelectorEventLoop}`;
      with an older pytest-asyncio set the policy at the top of conftest.py. Windows' own policies
      exist on Windows only: check `sys.platform` first.
Edit: none, since which loop the tests should have, and where, is a choice that no text shows.
"""

from __future__ import annotations

from collections.abc import Iterator

from loopcheck.modes._match import asyncio_runs
from loopcheck.modes.finding import Finding
from loopcheck.records import Evidence, Refusal, Subject

CODE, SLUG = "LC104", "loop-policy"
SUPERSEDES: frozenset[str] = frozenset()
SAYS = (
    "NotImplementedError + asyncio/events.py",
    "has no attribute 'WindowsSelectorEventLoopPolicy'",
    "has no attribute 'WindowsProactorEventLoopPolicy'",
    "set_event_loop_policy' is deprecated",
    'Overriding the "event_loop_policy" fixture is deprecated',
    "get_child_watcher() is not activated",
    "Cannot add child handler",
    "NotImplementedError",
    "EventLoop running=… + isinstance(",
)
SELECTOR = ("add_reader", "remove_reader", "add_writer", "remove_writer")
CHILDREN = ("subprocess_exec", "subprocess_shell", "connect_read_pipe", "connect_write_pipe")
SIGNALS = ("add_signal_handler", "remove_signal_handler")
SETS = "asyncio.set_event_loop_policy"


def detect(evidence: Evidence) -> Iterator[Finding]:
    """Name what a loop of this kind can't do, or the policy that should have chosen another."""
    refusal = evidence.refusal
    if refusal is None or (refusal.what == "no effect" and not asyncio_runs(evidence.test)):
        return
    late = refusal.late if asyncio_runs(evidence.test) and refusal.what == "method" else None
    if refusal.what == "no effect":
        late = refusal.late
    # No loop has every method, so choosing this one was no mistake. Only a choice that can't start
    # child processes is to blame: the default loop can, on every system.
    chosen = refusal.what == "method" and refusal.name not in CHILDREN
    gave = refusal.class_at or refusal.factory_at or refusal.policy_at
    given = late or (None if chosen else gave)
    name = SETS if late else refusal.call or refusal.name
    yield Finding(
        code=CODE,
        slug=SLUG,
        certainty="likely" if refusal.what == "no effect" else "certain",
        subject=Subject(name=name, type="function"),
        where=given or refusal.factory_at or refusal.called_at,  # a factory can return another
        made_at=given,
        used_at=refusal.called_at,
        what=_what(refusal, late is not None),
        why=_why(refusal, late is not None),
        fix=_fix(refusal),
    )


def _what(refusal: Refusal, late: bool) -> str:
    said = f"`{refusal.call or refusal.name}`"
    if refusal.what == "no effect":
        return (
            f"The policy that {refusal.late_in} sets has no effect, so the loop is of another kind."
        )
    if refusal.what == "method":
        kind = refusal.kind if refusal.kind == "uvloop.Loop" else _last(refusal)
        given = f", and the policy that {refusal.late_in} sets has no effect" if late else ""
        return f"{said} needs `{refusal.name}`, which a `{kind}` does not have{given}."
    if refusal.what == "no such policy":
        return f"asyncio has `{refusal.name}` only on Windows."
    if refusal.what == "deprecated":
        return f"{said} is deprecated, and this run turns warnings into errors."
    if refusal.what == "no watcher":
        return f"{said} needs the policy's child watcher, and `{_last(refusal)}` has none."
    return f"{said} can't watch its child process because the child watcher has no running loop."


def _last(refusal: Refusal) -> str:
    return (refusal.kind or "loop").rpartition(".")[2]


def _why(refusal: Refusal, late: bool) -> str:
    if late:
        return (
            "A loop's kind is fixed when it is created. pytest-asyncio reads the policy at the"
            " start of the session, so a fixture or a test sets it too late."
        )
    if refusal.what == "method":
        return _why_not(refusal.name)
    if refusal.what == "no such policy":
        return "This line runs on every system, and this system is not Windows."
    if refusal.what == "deprecated":
        return "Python 3.14 deprecates event loop policies, and 3.16 will remove them."
    if refusal.what == "no watcher":
        return (
            "Up to Python 3.13, a loop on Unix learns from the policy's child watcher that a child"
            " process ended. Not every policy class has one."
        )
    return (
        "A child watcher that your code sets only works with the loop it is attached to, and each"
        " test has its own loop."
    )


def _why_not(method: str) -> str:
    if method in SELECTOR:
        return "Only selector loops have readers and writers; the default on Windows is a proactor."
    if method in CHILDREN:
        return (
            "On Windows only the proactor loop, the default there, can start child processes and"
            " pipes. On other systems the default loop can too."
        )
    if method in SIGNALS:
        return "Only loops on Unix handle signals."
    return "What a loop can do depends on its kind and on the operating system."


def _fix(refusal: Refusal) -> str:
    if refusal.what == "no such policy":
        return 'Set it only under `if sys.platform == "win32":`. No other system needs it.'
    if refusal.what == "watcher":
        return "Don't set a child watcher: the default one works with every loop and thread."
    if refusal.what == "no watcher":
        return f"Derive `{_last(refusal)}` from `asyncio.DefaultEventLoopPolicy`, which has one."
    if refusal.what == "method" and refusal.name in SIGNALS:
        return (
            "On Windows use `signal.signal(…)`; let its handler call `loop.call_soon_threadsafe`."
        )
    return _give(refusal)


def _give(refusal: Refusal) -> str:
    """Return how to run the tests on a loop of the right kind."""
    kind, elsewhere = "asyncio.SelectorEventLoop", ""
    if refusal.what == "method" and refusal.name in CHILDREN and refusal.policy_at:
        return (
            f"Remove the fixture at {refusal.policy_at}: the loops of the default policy start"
            " child processes on every system. Or let its policy create loops that do."
        )
    if refusal.what == "method" and refusal.name in CHILDREN:
        kind = "asyncio.ProactorEventLoop"
        elsewhere = " That is for Windows; on other systems use `asyncio.SelectorEventLoop`."
    elif refusal.what != "method":
        kind = "…"
    if refusal.factory_at:
        return _give_otherwise(refusal, kind)
    if refusal.factories:
        return (
            "Choose the loop of the tests in conftest.py: `def pytest_asyncio_loop_factories("
            f'config, item): return {{"own": {kind}}}`.{elsewhere}'
        )
    return f"Set the policy at the top of conftest.py, so that tests run on `{kind}`.{elsewhere}"


def _give_otherwise(refusal: Refusal, kind: str) -> str:
    """Return what the project's own loop factory should return."""
    if refusal.name not in CHILDREN:
        return f"Let the factory at {refusal.factory_at} return `{kind}`."
    do, from_ = f"At {refusal.factory_at}, return", ""
    if refusal.class_at:
        do, from_ = f"At {refusal.class_at}, derive `{_last(refusal)}`", " from"
    return (
        f"{do}{from_} `asyncio.SelectorEventLoop`, on Windows{from_} `asyncio.ProactorEventLoop`."
    )
