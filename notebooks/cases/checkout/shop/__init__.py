"""A shop on the web: carts in a Valkey, money from a bank."""
