"""Pools, connections, sessions and tables of databases."""
