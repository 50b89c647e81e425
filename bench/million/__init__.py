"""A register of a million debts: made in minutes, kept outside the repository, and asked what people ask of it."""
