"""The register of the time before this service: one spreadsheet, loaded once, so that trusts can update and end its debts."""
