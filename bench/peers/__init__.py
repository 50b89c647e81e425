"""What others would use for the same work, each in a fresh process on the same workbook, beside the service's own whole path."""
