"""Reporting periods: calendar months, when each opens, falls due and closes. Below returns, which need all three."""
