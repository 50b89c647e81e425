"""Returns to try the service with: every person, invoice and address in them is invented."""
