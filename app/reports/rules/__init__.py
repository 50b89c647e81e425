"""What may be shown of small numbers. Plain values in, plain values out."""
