"""What tasks that run at once read and write, followed through the source. Nothing is run."""
