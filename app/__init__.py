"""NHS debtor returns: a trust's monthly return in, findings back, one register, and who has not submitted."""
