"""Who owes a return for which month, and where each of them stands."""
