"""Commands in processes of their own, and the folders that they need: ended and removed with us."""
