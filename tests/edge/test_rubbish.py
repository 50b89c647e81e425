"""Numbers that are too large or none, letters that cannot be written, wrong kinds, paths that climb: 4xx, never a fault of ours."""
