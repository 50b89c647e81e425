"""Management information: one file a report, each a by-product of the work, shown as chart, table and file."""
