"""What was done, by whom, to what, with which outcome: ids and counts only, never personal data."""
