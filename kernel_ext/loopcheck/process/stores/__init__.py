"""Clients and servers of stores: addresses, locks, encodings, leftover data."""
