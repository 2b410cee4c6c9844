"""Where it is said: magics, pytest plugin, command."""
