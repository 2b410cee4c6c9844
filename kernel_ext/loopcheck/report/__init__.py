"""Presentation: records and findings in, text out."""
