"""The projects of a lesson: their files, and the child processes that run them."""
