"""Backups: the whole register in one file, read in one view of it, and brought back all or not at all."""
