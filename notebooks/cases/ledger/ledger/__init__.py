"""A ledger for people who share a household: who paid, who owes, and what a month came to."""
