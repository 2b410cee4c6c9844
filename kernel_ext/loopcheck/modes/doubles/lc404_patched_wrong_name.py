"""LC404 patched-wrong-name: a thing is patched where it is defined, not where it is looked up.

What: a test patches `store.get_client`, and `service` goes on with the real one: a connection to a
      server, a mock that is never called, or a global that stays None since the patched function
      was to set it.
Why:  `from store import get_client` gives `service` a name of its own for the same function. A
      patch changes one name, that of the module it is told, and no other.
Fix:  patch the name that the code under test looks up: `patch("service.get_client", …)`. Or let the
      module ask at each call, `import store` and `store.get_client()`. Where all share one object,
      replace that: `monkeypatch.setattr(store, "client", fake)`. `importlib.reload(store)` does not
      help: who imported the name keeps the old one.
"""

from __future__ import annotations

from collections.abc import Iterator

from loopcheck.modes.finding import Finding
from loopcheck.records import Evidence, MissedPatch, Subject

CODE, SLUG = "LC404", "patched-wrong-name"
# What a real client met, since the double never stood in for it.
SUPERSEDES = frozenset({"LC506"})
SAYS = (
    "'NoneType' object has no attribute",
    "does not have the attribute",
    "'NoneType' object is not",
    "Expected … to have been called … Called 0 times",
    "Expected … to have been awaited … Awaited 0 times",
    "Expected … to be called once. Called 0 times",
    "Connect call failed + patch(",
    "Connect call failed + monkeypatch.setattr(",
)


def detect(evidence: Evidence) -> Iterator[Finding]:
    """Name the patch that missed, and the name that it should have replaced."""
    seen = evidence.unmet
    if seen is None or seen.place is None:
        return
    yield Finding(
        code=CODE,
        slug=SLUG,
        certainty="certain" if seen.sure else "likely",
        subject=Subject(name=seen.name or seen.target, type=seen.double or "patch"),
        where=seen.place,
        made_at=seen.kept_at,
        used_at=seen.used_at,
        what=_what(seen),
        why=_why(seen),
        fix=_fix(seen),
    )


def _what(seen: MissedPatch) -> str:
    name, patched = f"`{seen.name}`", f"{seen.place} replaces `{seen.target}`"
    used = f" ({seen.used_at})" if seen.used_at else ""
    match seen.how:
        case "stale":
            return (
                f"{name} is None: {seen.kept_at} imported it before `{seen.target}` got its value."
            )
        case "none":
            return f"{name} is None: `{_setter(seen)}` would have set it, and {patched}."
        case "unmade":
            return f"{name} is None: {patched}, but nobody calls `{_setter(seen)}`, which uses it."
        case "typo":
            return f"{seen.place} adds `{seen.target}`, which was not there; the code uses {name}."
        case "early":
            return f"{patched}, but the code works with {name}{used}, which was made before."
        case "kept":
            return f"{patched}, but the original was called all the same{used}: {name} keeps it."
        case "depends":
            return f"{patched}, but FastAPI called the original{used}: {name} depends on it."
        case "namesake":
            return f"{patched}, but the code calls {name}{used}: another of the same name."
    if seen.none:
        return f"{patched}, but the code asks {name}{used}, which is still None."
    return f"{patched}, but the code looks up {name}{used}, which is still the original."


def _setter(seen: MissedPatch) -> str:
    return (seen.kept_at.name if seen.kept_at else None) or "the function that sets it"


def _why(seen: MissedPatch) -> str:
    at = f" at {seen.kept_at}" if seen.kept_at else ""
    match seen.how:
        case "stale":
            return "An import copies what a name holds at that moment, and hears of no new value."
        case "twin":
            return (
                f"The file is loaded twice, as `{seen.target.rpartition('.')[0]}` and as"
                f" `{seen.twin}`: two modules with functions of their own. The patch changed one,"
                " the code runs the other."
            )
        case "none":
            return f"The double sets nothing: only `{_setter(seen)}`{at} does."
        case "unmade":
            return f"Only `{_setter(seen)}`{at} sets it, and it never ran with the double."
        case "typo":
            return "`raising=False` and `create=True` let a patch make a name that nobody looks up."
        case "early":
            return (
                f"It was made{at} when its module was loaded: a class replaced later is too late."
            )
        case "kept":
            return f"A patch changes a name in a module; what keeps the function itself{at} has it."
        case "depends":
            return f"The route took the function itself when it was made{at}, not its name."
        case "namesake":
            return (
                "The library has two of that name, one in each of these modules. A patch changes"
                " the name in the module that it is told, and no other."
            )
    return (
        f"The name comes into its module{at} and holds the original. A patch changes one name in"
        " one module, and no other."
    )


def _fix(seen: MissedPatch) -> str:
    name = seen.name or seen.target
    module, _, attribute = seen.target.rpartition(".")
    match seen.how:
        case "stale":
            return f"`import {module}` there, and ask `{seen.target}` when it is needed."
        case "depends":
            return f"Replace it with `app.dependency_overrides[{attribute}] = …`."
        case "kept":
            return f"Replace it in `{name}`, or let that look `{attribute}` up when it is called."
        case "none" | "unmade" | "early":
            return f"Give the global its double: `patch({name!r}, …)` instead of `{seen.target}`."
        case "namesake":
            return f"Patch what the code makes its client with: {name!r}."
        case "twin":
            return f"Patch {name!r}, and import the file by one name everywhere."
        case "typo":
            return f"Patch {name!r}, and leave out `raising=False` or `create=True`."
    cells = module == "__main__"  # no module imports a notebook
    other = (
        f" Or let that module `import {module}` and say `{seen.target}`: then this patch is right."
    )
    return f"Patch the name that is looked up: {name!r}.{'' if seen.none or cells else other}"
