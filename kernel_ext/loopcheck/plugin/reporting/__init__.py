"""How a run reports: in the terminal, in files, on the pages of CI."""
