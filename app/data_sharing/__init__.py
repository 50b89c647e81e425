"""What leaves the service, to whom and why: the register of data sharing, and the extracts of the register."""
