"""LC207 swallowed-cancel: the solution of the exercise, and why it is so.

`mash` catches Exception, and CancelledError is none. `cool` catches it and raises it again. `ship`
catches the cancellation of its lorry, which it sent itself; its own goes past the `finally`.

`boil` catches everything and goes round again: somebody has to cancel it three times. `label` drops
the cancellation, and then is at its end. `fill` drops it by leaving its `finally`: who cancelled it
gets a number, and takes it for a result.

Another good way to know it is to ask the task: after `cancel()` and a moment, `task.cancelling()`
is above 0 and `task.cancelled()` is false for the last three.
"""

answers = {
    "mash": "cancelled",
    "boil": "goes on",
    "cool": "cancelled",
    "fill": "returns",
    "label": "returns",
    "ship": "cancelled",
}
