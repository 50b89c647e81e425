"""How long things are kept: what is over by the policy in force is purged, and only counts are left of it."""
