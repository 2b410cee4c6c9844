"""Old advice as experiments: each recipe runs with the advice and without it."""
