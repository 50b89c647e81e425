"""Reminding those who still owe a return: when, with which words, whom to write to, and what became of it."""
