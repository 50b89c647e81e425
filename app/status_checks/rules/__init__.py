"""What may be asked, whom it names exactly, and in which words it is answered. Pure."""
