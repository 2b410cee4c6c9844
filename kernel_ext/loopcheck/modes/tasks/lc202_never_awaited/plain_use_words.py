"""The words for what a line uses like a plain thing, or like an async one, see `plain_uses`."""

from __future__ import annotations

from loopcheck.modes.finding import Finding
from loopcheck.modes.tasks.lc202_never_awaited.plain_uses import PlainUse
from loopcheck.records import Subject


def finding(seen: PlainUse, code: str, slug: str) -> Finding:
    """Name the line, and the word that it lacks."""
    what, why, fix, remedy = _words(seen)
    return Finding(
        code=code,
        slug=slug,
        certainty="certain",
        subject=Subject(name=seen.name, type="coroutine function" if remedy == "call" else "async"),
        where=seen.at,
        what=what,
        why=why,
        fix=fix,
        remedy=("keyword", remedy, seen.name) if remedy else (),
    )


def _words(seen: PlainUse) -> tuple[str, str, str, str]:
    at, name = seen.at, seen.name
    one_by_one = "It gives its values one by one, and each has to be awaited."
    match seen.kind:
        case "for" | "comprehension":
            return (
                f"A plain `for` at {at} goes through `{name}`, which is async.",
                one_by_one,
                f"Write `async for` at {at}. That needs an `async def` around it.",
                "async for",
            )
        case "list":
            return (
                f"`{seen.by}` at {at} goes through `{name}`, which is async.",
                one_by_one,
                f"Write `{seen.by}([one async for one in {name}])` at {at}."
                if seen.by not in ("list", "set", "tuple")
                else f"Write `[one async for one in {name}]` at {at}.",
                "",
            )
        case "next":
            return (
                f"`next` at {at} takes a step of `{name}`, which is async.",
                one_by_one,
                f"Write `await anext({name})` at {at}."
                " Of what is no iterator itself, `await anext(aiter(…))`.",
                "",
            )
        case "anext":
            return (
                f"`anext` at {at} gets `{name}`, which is no iterator.",
                "It has `__aiter__`, which makes an iterator, and no `__anext__` of its own.",
                f"Write `anext(aiter({name}))` at {at}.",
                "",
            )
        case "with":
            return (
                f"A plain `with` at {at} enters `{name}`, an async context manager.",
                "It has `__aenter__` and no `__enter__`: to enter it, code has to await it.",
                f"Write `async with` at {at}. That needs an `async def` around it.",
                "async with",
            )
        case "await":
            return (
                f"{at} awaits `{name}`, an async generator.",
                f"{one_by_one} The generator itself can't be awaited.",
                f"Write `[one async for one in {name}]` at {at}, or use an `async for`.",
                "",
            )
        case "async for":
            return (
                f"An `async for` at {at} goes through `{name}`, which is plain.",
                "It gives all values at once, and nothing has to be awaited.",
                f"Write `for` at {at}, without `async`.",
                "for",
            )
        case "async with":
            return (
                f"An `async with` at {at} enters `{name}`, a plain context manager.",
                "It has `__enter__` and no `__aenter__`.",
                f"Write `with` at {at}, without `async`.",
                "plain with",
            )
        case "class":
            return (
                f"`{seen.by}` at {at} enters the class `{name}`, and not an object of it.",
                "Only an object can be entered. A call of the class creates one.",
                f"Write `{name}(…)` at {at}.",
                "call",
            )
        case "plain await":
            called = name.partition("(")[0]
            return (
                f"{at} awaits `{name}`, a call of a plain function.",
                f"`{called}` is no `async def`. It has run to its end by the time of the `await`.",
                f"Remove the `await` at {at}.",
                "no await",
            )
        case "function":
            return (
                f"`{seen.by}` at {at} gets the function `{name}`, and not a call of it.",
                "It takes a coroutine, which a call of the function creates.",
                f"Write `{name}(…)` at {at}.",
                "call",
            )
    given = f"`{seen.by}`" if seen.kind == "gather" else "The `await`"
    return (
        f"{given} at {at} gets one collection of awaitables, `{name}`.",
        "It takes each of them as an argument of its own."
        if seen.kind == "gather"
        else "A collection can't be awaited, only what is in it.",
        f"Write `{seen.by}(*…)` at {at}."
        if seen.kind == "gather"
        else f"Write `await asyncio.gather(*…)` at {at}.",
        "unpack" if seen.kind == "gather" else "",
    )
