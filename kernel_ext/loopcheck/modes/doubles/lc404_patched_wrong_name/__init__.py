"""LC404 patched-wrong-name: the patch misses the name that the code looks up.

What: a test patches `store.get_client`, and `service` still uses the real one. The test connects
      to a server, the mock is never called, or a global stays None because the patched function
      would have set it.
Why:  `from store import get_client` gives `service` its own name for the same function. A patch
      changes one name in one module. `def order(fetch=price)` keeps the function, too.
Fix:  patch the name that the code under test looks up: `patch("service.get_client", …)`. Or look it
      up at each call, with `import store` and `store.get_client()`. If all modules share one
      object, replace that: `monkeypatch.setattr(store, "client", fake)`. `importlib.reload(store)`
      does not help: modules that imported the name keep the old function.
"""

from __future__ import annotations

from collections.abc import Iterator

from loopcheck.modes.finding import Finding
from loopcheck.records import Evidence, MissedPatch, Subject

CODE, SLUG = "LC404", "patched-wrong-name"
# The real client ran because the patch missed.
SUPERSEDES = frozenset({"LC506"})
NO_EDIT = ("depends", "kept", "default", "none", "unmade", "early", "twin")
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
        where=seen.kept_at if seen.met and seen.how == "copy" else seen.place,
        made_at=seen.kept_at,
        used_at=seen.used_at,
        what=_what(seen),
        why=_why(seen),
        fix=_fix(seen),
        remedy=_remedy(seen),
    )


def _remedy(seen: MissedPatch) -> tuple[str, ...]:
    if seen.how == "stale":
        return ("module", seen.target)
    if seen.how in NO_EDIT or seen.name is None:
        return ()
    if seen.met and seen.how == "copy":
        return ("module", seen.target)
    return ("target", seen.target, seen.name)


def _what(seen: MissedPatch) -> str:
    name, patched = f"`{seen.name}`", f"{seen.place} replaces `{seen.target}`"
    used = f" ({seen.used_at})" if seen.used_at else ""
    match seen.how:
        case "stale":
            return (
                f"{name} is None because {seen.kept_at} imported it before `{seen.target}` was set."
            )
        case "none":
            return f"{name} is None because {patched}, so `{_setter(seen)}` never set it."
        case "unmade":
            return f"{patched}, but no code calls `{_setter(seen)}`, so {name} is still None."
        case "typo":
            return f"{seen.place} adds `{seen.target}`, which did not exist; the code uses {name}."
        case "early":
            return f"{patched}, but the code uses {name}{used}, which was created before."
        case "kept" if not seen.sure:
            return f"{patched}, but the code reads {name}{used}, which keeps the original."
        case "kept":
            return f"{patched}, but {name} keeps the original and still called it{used}."
        case "default":
            return f"{patched}, but {name} has the original as a default{used}."
        case "depends":
            return f"{patched}, but {name} depends on the original, so FastAPI called that{used}."
        case "namesake":
            return f"{patched}, but the code calls {name}{used}, another function of that name."
    if seen.none:
        return f"{patched}, but the code uses {name}{used}, which is still None."
    return f"{patched}, but the code looks up {name}{used}, which is still the original."


def _setter(seen: MissedPatch) -> str:
    return (seen.kept_at.name if seen.kept_at else None) or "the function that sets it"


def _why(seen: MissedPatch) -> str:
    at = f" at {seen.kept_at}" if seen.kept_at else ""
    match seen.how:
        case "stale":
            return "`from … import` copies the value at that moment; later changes don't reach it."
        case "twin":
            return (
                f"The file is imported twice, as `{seen.target.rpartition('.')[0]}` and as"
                f" `{seen.twin}`, so each function exists twice. The patch changed one of them, and"
                " the code runs the other."
            )
        case "none":
            return f"The mock does not set it: only `{_setter(seen)}`{at} does."
        case "unmade":
            return (
                f"Only `{_setter(seen)}`{at} sets it, and it never ran while the mock was active."
            )
        case "typo":
            return "With `raising=False` or `create=True`, a patch may create a name nothing uses."
        case "early":
            return (
                f"It was created{at} when its module was imported, before the class was replaced."
            )
        case "kept":
            return f"A patch changes a name in a module, but not references kept elsewhere{at}."
        case "default":
            return f"Python takes a default once, when it defines the function{at}."
        case "depends":
            return f"The route stored the function itself when it was defined{at}, not its name."
        case "namesake":
            return (
                "The library has two functions of that name, one in each of these modules. A patch"
                " changes the name in one module only."
            )
    return (
        f"The module imports the name{at}, and that name still refers to the original. A patch"
        " changes one name in one module."
    )


def _fix(seen: MissedPatch) -> str:
    name = seen.name or seen.target
    module, _, attribute = seen.target.rpartition(".")
    match seen.how:
        case "stale":
            return f"Use `import {module}` there, and read `{seen.target}` when it is needed."
        case "depends":
            return f"Replace it with `app.dependency_overrides[{attribute}] = …`."
        case "default":
            return (
                f"Pass the double to `{name}` as an argument. Or make the default `None`, and look"
                f" `{attribute}` up at each call."
            )
        case "kept":
            return f"Replace it in `{name}`, or look `{attribute}` up there at each call."
        case "none" | "unmade" | "early":
            return f"Patch the global itself: `patch({name!r}, …)` instead of `{seen.target}`."
        case "namesake":
            return f"Patch the function that creates the client: {name!r}."
        case "twin":
            return f"Patch {name!r}, and import the file by one name everywhere."
        case "typo":
            return f"Patch {name!r}, and remove `raising=False` or `create=True`."
    if seen.met and seen.how == "copy":
        return (
            f"Use `import {module}` and `{seen.target}` at {seen.kept_at}: then this patch reaches"
            " all code that calls it."
        )
    if seen.keeper is not None:
        kind, kept_as = seen.keeper
        return f"Patch {name!r} before the `{kind}` is made, or set its `{kept_as}`."
    cells = module == "__main__"  # no module imports a notebook
    other = f" Or use `import {module}` and `{seen.target}` in that module: then this patch works."
    return f"Patch the name that the code looks up: {name!r}.{'' if seen.none or cells else other}"
