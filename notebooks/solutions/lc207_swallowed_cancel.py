"""LC207 swallowed-cancel: the solution of the exercise, and why it is so.

`mash` catches Exception, which does not include CancelledError. `cool` catches it and raises it
again. `ship` catches the cancellation of its lorry, which it cancelled itself; its own cancellation
passes through the `finally`.

`boil` catches everything and loops again: you have to cancel it three times. `label` drops the
cancellation, and then ends anyway. `fill` drops it by leaving its `finally`: the code that
cancelled it gets a number, and takes it for a result.

Another good way to find out is to check the task: after `cancel()` and a moment,
`task.cancelling()` is above 0 and `task.cancelled()` is false for the last three.
"""

answers = {
    "mash": "cancelled",
    "boil": "goes on",
    "cool": "cancelled",
    "fill": "returns",
    "label": "returns",
    "ship": "cancelled",
}
