"""Pure rules of who owes and where they stand: plain values in, states out."""
