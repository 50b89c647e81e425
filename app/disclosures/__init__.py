"""To whom debts were given: every file that left, with the debts in it, and who received one debt."""
