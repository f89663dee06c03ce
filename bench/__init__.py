"""What the product costs, each figure beside what it is measured against. `script/bench` runs these.

A module here is a bench: `rows()` gives its rows (see `bench.measuring.rows`). It runs in a process of its own, with
Django set up and a database that is migrated and empty. With `POSTGRESQL = True` it runs once on each database;
with `DATABASE = False` it has none, or brings its own.
"""
