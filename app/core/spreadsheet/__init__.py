"""The only reader and writer of workbooks: limits, rows in, styled workbook out, formula guard."""
