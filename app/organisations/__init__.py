"""The NHS bodies that report: who they are, since when, and who came after whom."""
