"""The register's own rules: which status may follow which, who is the same person, what a person owes one trust."""
