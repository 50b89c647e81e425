"""Pure rules of reminding: working days, which occasion has come, and words with fields in them."""
