"""What pages and API have in common: who is there, sessions of the database, files that go out, troubles in words."""
