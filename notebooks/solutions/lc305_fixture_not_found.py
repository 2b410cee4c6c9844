"""LC305 fixture-not-found: the answers of the exercise, why, and one other way to get them.

The rule: pytest begins at the test and searches outwards: its class, its file, the conftest.py of
its folder, then those of the folders above, then plugins. It uses the first fixture of that name.

    quay, crew    Two are in reach; the nearer one is in its own folder.
    quay, buoy    In the same file, but in a class: only the methods of `TestStorm` find it.
    dock, crew    Its folder has no conftest.py, and the one above has a crew.
    dock, crane   Only the quay has one, and that folder is next to the dock, not above it.
    dock, pilot   In reach, but a function without a decorator is no fixture.
    dock, tide    In reach and a fixture, so pytest finds it. It is async with pytest's own
                  decorator, so nothing runs it, which is LC301.

Another good way, in your own project: `pytest --fixtures-per-test dock` prints for each test
of that folder which fixtures it uses, and the file of each.
"""

answers = {
    "quay asks for crew": "quay/conftest.py",
    "quay asks for buoy": "nowhere",
    "dock asks for crew": "conftest.py",
    "dock asks for crane": "nowhere",
    "dock asks for pilot": "nowhere",
    "dock asks for tide": "not run",
}
