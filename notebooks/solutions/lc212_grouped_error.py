"""LC212 grouped-error: the solution of the exercise, why it works, another good way.

What was wrong: `levels` reads the gauges in a task group, and a task group raises the errors of its
tasks inside an `ExceptionGroup`. `report` expects `Frozen`, and a group of `Frozen` is none. So ice
was an error, and the error of a broken gauge came in a class that its caller does not know.

What changed: `levels` opens the group that it made, and raises the first member. Its callers meet
the errors of a gauge, as if it had read one after the other. `from group` keeps the other members
in the traceback.

Another good way: keep the group, and decide by its members.

    except ExceptionGroup as group:
        if group.subgroup(Frozen):
            return "no report"
        raise group.exceptions[0] from group

Choose it where one kind of error decides over the others: here, ice wins over a broken gauge.
`asyncio.gather` raises the first error as it is, too. But it lets the other readings go on.
"""

import asyncio

from gauges import Frozen


async def levels(gauges):
    try:
        async with asyncio.TaskGroup() as tasks:
            readings = [tasks.create_task(gauge.read()) for gauge in gauges]
    except ExceptionGroup as group:
        raise group.exceptions[0] from group
    return [reading.result() for reading in readings]


async def report(gauges):
    try:
        return max(await levels(gauges))
    except Frozen:
        return "no report"
