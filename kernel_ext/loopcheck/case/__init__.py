"""Gathers the evidence of one failure or of one finished test."""
