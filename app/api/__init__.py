"""The HTTP API: one thin module per resource, each with a router; the domain does the work."""
