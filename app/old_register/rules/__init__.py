"""How an old spreadsheet is understood: which column is which, old words, organisations by name, and what a row is worth."""
