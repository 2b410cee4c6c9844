"""Answers to the exercise of LC212: the right ones and the wrong turns."""

from functools import partial

from changes import in_text  # type: ignore[import-not-found]

from loopcheck.lab.exercises.lc212_grouped_error import SKELETON

SKELETON_SAYS = ("every test runs and passes", "single exception in ExceptionGroup")
changed = partial(in_text, text=SKELETON)

READS = """\
    async with asyncio.TaskGroup() as tasks:
        readings = [tasks.create_task(gauge.read()) for gauge in gauges]
    return [reading.result() for reading in readings]
"""
ICE = """\
    except Frozen:
        return "no report"
"""
BY_MEMBERS = """\
    except ExceptionGroup as group:
        if group.subgroup(Frozen):
            return "no report"
        raise group.exceptions[0] from group
"""
STARS = """\
    ice = other = None
    try:
        return max(await levels(gauges))
    except* Frozen:
        ice = "no report"
    except* OSError as group:
        other = group.exceptions[0]
    if other is not None:
        raise other
    return ice
"""
TRIES = """\
    try:
        return max(await levels(gauges))
"""
AGAIN = """\
    try:
        async with asyncio.TaskGroup() as tasks:
            readings = [tasks.create_task(gauge.read()) for gauge in gauges]
    except* (Frozen, OSError) as group:
        raise group.exceptions[0]
    return [reading.result() for reading in readings]
"""

RIGHT = {
    "the members decide": changed((ICE, BY_MEMBERS)),
    "stars that keep what they find": changed((TRIES + ICE, STARS)),
    "gather": changed(
        (READS, "    return await asyncio.gather(*[one.read() for one in gauges])\n")
    ),
    "a star for both": changed((READS, AGAIN)),
}

# answer → the requirement that is not met, and words of the remark
WRONG = {
    "any exception is ice": (
        changed(("except Frozen", "except Exception")),
        "every test",
        "any bug, means ice",
    ),
    "any group is ice": (
        changed(("except Frozen", "except (Frozen, ExceptionGroup)")),
        "every test",
        "any bug, means ice",
    ),
    "a star and a return": (
        changed(("except Frozen", "except* Frozen")),
        "all three",
        "may not return",
    ),
    "a star, and nothing for the broken one": (
        changed(
            (TRIES + ICE, STARS.replace("except* OSError as group", "except* KeyError as group"))
        ),
        "every test",
        "still arrives in one",
    ),
    "one after the other": (
        changed((READS, "    return [await gauge.read() for gauge in gauges]\n")),
        "every test",
        "one by one",
    ),
    "the first group that comes": (
        changed((ICE, "    except ExceptionGroup as group:\n        raise group.exceptions[0]\n")),
        "every test",
        "",
    ),
}
