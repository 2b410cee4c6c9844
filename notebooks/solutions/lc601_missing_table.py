"""LC601 missing-table: the solution of the exercise, why it is so, and one way to be sure.

In memory, each connection has its own database. `one_engine` has a single connection, which all
queries share. `two_engines` and `null_pool` open another one for the query. A file is the same for
every connection, so `in_a_file` finds its table through another engine.

`not_imported` creates all tables that its metadata knows: none. `not_committed` creates it and
rolls it back, because `connect()` does not commit.

To be sure in a fixture, ask the database and not the code: `await connection.run_sync(lambda sync:
sqlalchemy.inspect(sync).get_table_names())`.
"""

says = {
    "one_engine": "there",
    "two_engines": "missing",
    "null_pool": "missing",
    "not_imported": "missing",
    "in_a_file": "there",
    "not_committed": "missing",
}
