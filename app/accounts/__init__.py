"""Who uses the service, in which roles, and what each role may do."""
