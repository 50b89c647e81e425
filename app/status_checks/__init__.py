"""Urgent status checks at the border: one exact question about one person, one short answer, each of them kept."""
