"""The words of a dispute and its clock: plain values, no database."""
