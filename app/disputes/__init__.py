"""A person says that a record is wrong: the case, its clock, the trust's answer, the settlement, and who must be told."""
