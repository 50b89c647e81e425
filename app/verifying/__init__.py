"""Proves that the present state follows from the history, and names whatever does not."""
