"""The return workbook: its columns, declared once, and the workbook made from them."""
