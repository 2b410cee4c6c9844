"""Mends a project: tries the edits of a finding in a copy, proves them, writes the proven ones."""
