"""The contact log: how managers and the Debtors Team were in touch with organisations, and what comes next. No patients."""
