"""Watches over clients of stores and databases."""
