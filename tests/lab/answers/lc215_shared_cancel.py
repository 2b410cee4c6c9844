"""Answers to the exercise of LC215: the right ones and the wrong turns."""

from functools import partial

from changes import in_text  # type: ignore[import-not-found]

from loopcheck.lab.exercises.lc215_shared_cancel import SKELETON

SKELETON_SAYS = ("every test runs and passes", "CancelledError")
changed = partial(in_text, text=SKELETON)

AWAITS, SHIELDS = "{await heating}", "{await asyncio.shield(heating)}"
SHIELD = (AWAITS, SHIELDS)
RETURNS = f'        return f"{{guest}} has {AWAITS}"\n'
WITH = f"    with sauna.bench() as heating:\n{RETURNS}"
VISIT = "async def visit(sauna, guest):\n"
PATIENCE = SKELETON[SKELETON.index("    sauna = Sauna()") :].partition("\n\n\n")[0]
LIMIT = "0.1)\n"
RAISES = "    with pytest.raises(asyncio.CancelledError):\n        await ann\n"
LIT, HEAT = "    assert sauna.lit == 1\n", 'assert await ben == "ben has 90 degrees"'
LATER = 'assert await visit(sauna, "ben") == "ben has 90 degrees"'


def caught(handler: str, awaits: str = AWAITS) -> tuple[str, str]:
    """Return the change that makes `visit` catch its cancellation."""
    body = RETURNS.replace(AWAITS, awaits).replace("        ", "            ")
    return (
        WITH,
        "    with sauna.bench() as heating:\n        try:\n"
        f"{body}        except asyncio.CancelledError:\n            {handler}\n",
    )


RIGHT = {
    "a helper that shields": changed(
        (AWAITS, "{await unharmed(heating)}"),
        (VISIT, f"async def unharmed(task):\n    return await asyncio.shield(task)\n\n\n{VISIT}"),
    ),
    "asyncio.wait, then the result": changed(
        (
            RETURNS,
            "        await asyncio.wait({heating})\n"
            '        return f"{guest} has {heating.result()}"\n',
        )
    ),
    "asyncio.wait in a helper of its own": changed(
        (AWAITS, "{await result_of(heating)}"),
        (
            VISIT,
            "async def result_of(task):\n    done, _ = await asyncio.wait([task])\n"
            f"    return done.pop().result()\n\n\n{VISIT}",
        ),
    ),
    "another limit, and a shield that has a name": changed(
        (
            RETURNS,
            '        mine = asyncio.shield(heating)\n        return f"{guest} has {await mine}"\n',
        ),
        (
            '        await asyncio.wait_for(visit(sauna, "ann"), 0.1)\n',
            '        async with asyncio.timeout(0.04):\n            await visit(sauna, "ann")\n',
        ),
    ),
    "the error is raised again": changed(caught("raise", SHIELDS)),
    "an event that the heating sets at its end": changed(
        (
            RETURNS,
            "        done = asyncio.Event()\n"
            "        heating.add_done_callback(lambda _: done.set())\n"
            "        await done.wait()\n"
            '        return f"{guest} has {heating.result()}"\n',
        )
    ),
}

# answer → the requirement that is not met, and words of the remark
WRONG = {
    "nothing comes back": (changed(caught("return None")), "every test", "a result instead"),
    "a shield, and nothing comes back": (
        changed(caught("return None", SHIELDS)),
        "every test",
        "a result instead",
    ),
    "nothing comes back, and the tests agree": (
        changed(
            caught("return None", SHIELDS),
            (RAISES, "    await asyncio.wait([ann])\n    assert ann.result() is None\n"),
            (
                "    with pytest.raises(TimeoutError):\n        await asyncio.wait_for(",
                "    try:\n        await asyncio.wait_for(",
            ),
            (LIMIT, f"{LIMIT}    except TimeoutError:\n        pass\n"),
        ),
        "ends as cancelled",
        "did not end as cancelled",
    ),
    "a heating for each guest": (
        changed((AWAITS, "{await asyncio.create_task(sauna._heat())}")),
        "every test",
        "the work runs twice",
    ),
    "a heating for each guest, not counted": (
        changed((AWAITS, "{await asyncio.create_task(sauna._heat())}"), (LIT, "")),
        "every test",
        "for something else",
    ),
    "a heating for each guest, which ends with the shared one": (
        changed(
            (
                RETURNS,
                "        own = asyncio.create_task(sauna._heat())\n"
                "        heating.add_done_callback(lambda _: own.cancel())\n"
                '        return f"{guest} has {await own}"\n',
            ),
            (LIT, ""),
        ),
        "wood for one",
        "the work runs twice",
    ),
    "a cancelled heating is begun again": (
        changed(
            (
                "    with sauna",
                "    if sauna.heating and sauna.heating.done():\n        sauna.heating = None\n"
                "    with sauna",
            )
        ),
        "every test",
        "the work runs twice",
    ),
    "a cancelled guest tries again": (
        changed(
            (
                WITH,
                "    while True:\n        try:\n            with sauna.bench() as heating:\n"
                f'                return f"{{guest}} has {SHIELDS}"\n'
                "        except asyncio.CancelledError:\n            pass\n",
            )
        ),
        "every test",
        "no limit can end it",
    ),
    "a longer limit": (changed((LIMIT, "0.5)\n")), "every test", "not what happens then"),
    "a limit that never runs out": (
        changed(SHIELD, (LIMIT, "60)\n")),
        "every test",
        "only waits longer",
    ),
    "hot before anybody leaves": (
        changed(
            SHIELD,
            (
                "    with pytest.raises(TimeoutError):\n        await asyncio.wait_for("
                'visit(sauna, "ann"), 0.1)\n    sauna.hot.set()\n',
                '    sauna.hot.set()\n    await asyncio.wait_for(visit(sauna, "ann"), 60)\n',
            ),
        ),
        "ends with the last guest",
        "no guest leaves",
    ),
    "nobody is called away": (
        changed(
            SHIELD,
            (f"    ann.cancel()\n{RAISES}", ""),
            (
                "== 1\n\n\nasync def test_the_stove",
                "== 1\n    await ann\n\n\nasync def test_the_stove",
            ),
        ),
        "ends with one of two",
        "no guest leaves",
    ),
    "an empty test": (changed(SHIELD, (PATIENCE, "    pass")), "uses the sauna", "nobody can open"),
    "the heat is not looked at": (
        changed(SHIELD, (HEAT, "await ben")),
        "stays cold",
        "could find a cold sauna",
    ),
    "the lighting is not counted": (
        changed(SHIELD, (LIT, "")),
        "lit for the next guest",
        "`sauna.lit`",
    ),
    "any end will do": (
        changed(
            SHIELD,
            (
                "    with pytest.raises(TimeoutError):\n        await asyncio.wait_for("
                'visit(sauna, "ann"), 0.1)\n',
                '    ann = asyncio.create_task(visit(sauna, "ann"))\n'
                "    await asyncio.wait([ann], timeout=0.01)\n",
            ),
        ),
        "last guest",
        "no guest leaves",
    ),
    "the limit's error is not expected": (
        changed(
            SHIELD,
            (
                "    with pytest.raises(TimeoutError):",
                "    with contextlib.suppress(TimeoutError):",
            ),
            ("import asyncio\n\n", "import asyncio\nimport contextlib\n\n"),
        ),
        "hot at once",
        "Expect the TimeoutError",
    ),
    "whatever becomes of a stove put out": (
        changed(
            SHIELD,
            (
                f"put_out()\n{RAISES}",
                "put_out()\n    await asyncio.gather(ann, return_exceptions=True)\n",
            ),
        ),
        "burns on",
        "after `put_out`",
    ),
    "skipped": (
        changed(
            SHIELD, ("async def test_a_guest_is", "@pytest.mark.skip\nasync def test_a_guest_is")
        ),
        "every test",
        "has no guests",
    ),
}
