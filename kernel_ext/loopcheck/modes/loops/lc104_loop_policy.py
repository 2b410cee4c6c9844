"""LC104 loop-policy: the wrong kind of loop, or a policy that has no effect.

What: a loop of one kind is asked for what only another kind can do (`add_reader` on the proactor
      loop of Windows, a subprocess on a selector loop there), or a policy is set in a fixture or a
      test. asyncio then says `NotImplementedError` without a word, or nothing at all.
Why:  the kind is decided when the loop is made. pytest-asyncio takes the policy at the start of the
      session and puts it back for each loop: what a fixture or test sets comes too late.
Fix:  say in conftest.py which loop the tests get:
      `def pytest_asyncio_loop_factories(config, item): return {"own": asyncio.SelectorEventLoop}`;
      with an older pytest-asyncio set the policy at the top of conftest.py. Windows' own policies
      exist on Windows only: ask for `sys.platform` first.
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
    """Name what a loop refused for its kind, or the policy that was to give another."""
    refusal = evidence.refusal
    if refusal is None or (refusal.what == "no effect" and not asyncio_runs(evidence.test)):
        return
    late = refusal.late if asyncio_runs(evidence.test) and refusal.what == "method" else None
    if refusal.what == "no effect":
        late = refusal.late
    # To have chosen a loop is no fault where another method is asked for that not all loops have.
    chosen = refusal.what == "method" and refusal.name not in CHILDREN
    gave = refusal.class_at or refusal.factory_at or refusal.policy_at
    given = late or (None if chosen else gave)
    name = SETS if late else refusal.call or refusal.name
    yield Finding(
        code=CODE,
        slug=SLUG,
        certainty="likely" if refusal.what == "no effect" else "certain",
        subject=Subject(name=name, type="function"),
        where=given or refusal.called_at,
        made_at=given,
        used_at=refusal.called_at,
        what=_what(refusal, late is not None),
        why=_why(refusal, late is not None),
        fix=_fix(refusal),
    )


def _what(refusal: Refusal, late: bool) -> str:
    said = f"`{refusal.call or refusal.name}`"
    if refusal.what == "no effect":
        return f"The policy that {refusal.late_in} sets has no effect: the loop is of another kind."
    if refusal.what == "method":
        kind = refusal.kind if refusal.kind == "uvloop.Loop" else _last(refusal)
        given = f" The policy that {refusal.late_in} sets has no effect." if late else ""
        return f"{said} asks for what a `{kind}` does not have: `{refusal.name}`.{given}"
    if refusal.what == "no such policy":
        return f"asyncio has `{refusal.name}` on Windows only."
    if refusal.what == "deprecated":
        return f"{said} is deprecated, and warnings are errors here."
    if refusal.what == "no watcher":
        return f"{said} asks the policy for a child watcher, and `{_last(refusal)}` has none."
    return f"{said} can't watch its child: the child watcher has no running loop."


def _last(refusal: Refusal) -> str:
    return (refusal.kind or "loop").rpartition(".")[2]


def _why(refusal: Refusal, late: bool) -> str:
    if late:
        return (
            "A loop's kind is decided when it is made. pytest-asyncio takes the policy at the"
            " start of the session: what a fixture or a test sets comes too late."
        )
    if refusal.what == "method":
        return _why_not(refusal.name)
    if refusal.what == "no such policy":
        return "The line runs on every system, and this one is not Windows."
    if refusal.what == "deprecated":
        return "Python 3.14 deprecates event loop policies; 3.16 will not have them."
    if refusal.what == "no watcher":
        return (
            "Up to Python 3.13 a loop of Unix hears of the end of a child through the watcher of"
            " the policy in use, and not every class of policies has one."
        )
    return (
        "A watcher that was set by hand hears of children only through the loop that it was"
        " attached to; each test has a loop of its own."
    )


def _why_not(method: str) -> str:
    if method in SELECTOR:
        return "Only selector loops have readers and writers; the default on Windows is a proactor."
    if method in CHILDREN:
        return (
            "Not every loop starts children and pipes: on Windows only the proactor loop does, the"
            " default there; elsewhere the default one does, too."
        )
    if method in SIGNALS:
        return "Only the loops of Unix take signals."
    return "asyncio's loops differ by kind and system in what they can do."


def _fix(refusal: Refusal) -> str:
    if refusal.what == "no such policy":
        return 'Set it only under `if sys.platform == "win32":`. Elsewhere nothing needs it.'
    if refusal.what == "watcher":
        return "Set no child watcher: the default one serves every loop and thread."
    if refusal.what == "no watcher":
        return f"Derive `{_last(refusal)}` from `asyncio.DefaultEventLoopPolicy`, which has one."
    if refusal.what == "method" and refusal.name in SIGNALS:
        return "On Windows use `signal.signal(…)`; its handler calls `loop.call_soon_threadsafe`."
    return _give(refusal)


def _give(refusal: Refusal) -> str:
    """Say how tests come by a loop of the right kind."""
    kind, elsewhere = "asyncio.SelectorEventLoop", ""
    if refusal.what == "method" and refusal.name in CHILDREN and refusal.policy_at:
        return (
            f"Take away the fixture at {refusal.policy_at}: the loops of the default policy start"
            " children on every system. Or let its policy make such loops."
        )
    if refusal.what == "method" and refusal.name in CHILDREN:
        kind = "asyncio.ProactorEventLoop"
        elsewhere = " That is for Windows; elsewhere `asyncio.SelectorEventLoop` starts children."
    elif refusal.what != "method":
        kind = "…"
    if refusal.factory_at:
        return _give_otherwise(refusal, kind)
    if refusal.factories:
        return (
            "Say in conftest.py which loop the tests get: `def pytest_asyncio_loop_factories("
            f'config, item): return {{"own": {kind}}}`.{elsewhere}'
        )
    return f"Set the policy at the top of conftest.py, so that the tests get `{kind}`.{elsewhere}"


def _give_otherwise(refusal: Refusal, kind: str) -> str:
    """Say what the user's own factory is to give the tests."""
    if refusal.name not in CHILDREN:
        return f"Let the factory at {refusal.factory_at} give `{kind}`."
    do, from_ = (f"Derive `{_last(refusal)}`", " from") if refusal.class_at else ("Let it give", "")
    return (
        f"The factory at {refusal.factory_at} gives the tests a loop that starts no children."
        f" {do}{from_} `asyncio.SelectorEventLoop`, on Windows{from_} `asyncio.ProactorEventLoop`."
    )
