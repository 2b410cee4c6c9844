"""How it is said: records and findings in, text out."""
