"""Whether this deployment is set up safely, and whether what it is made of has known faults."""
