"""What every room uses and that knows nothing of debts: database, errors, clock, workbooks, paging."""
