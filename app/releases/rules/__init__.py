"""What a release is made of, checked by and signed off with: plain values, no database."""
