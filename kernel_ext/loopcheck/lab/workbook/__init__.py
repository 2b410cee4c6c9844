"""The notebooks: where they are, and the copies that learners work in."""
