"""Pure rules of the contact log: plain values in, faults out."""
