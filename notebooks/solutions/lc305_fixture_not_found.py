"""LC305 fixture-not-found: the answers of the exercise, why, and one other way to get them.

The rule: pytest begins at the test and goes outwards. Its class, its file, the conftest.py of its
folder, then those of the folders above, then plugins. The first fixture of that name is taken.

    quay, crew    two are in reach, its own folder's is the nearer one
    quay, buoy    in the same file, but in a class: only the methods of `TestStorm` find it
    dock, crew    its folder has no conftest.py, the one above has a crew
    dock, crane   only the quay has one, and that folder stands beside the dock, not above it
    dock, pilot   in reach, but a function without a decorator is no fixture
    dock, tide    in reach and a fixture, so it is found; async with pytest's own decorator, so
                  nobody runs it, which is LC301

Another good way, in a project of your own: `pytest --fixtures-per-test dock` prints for each test
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
