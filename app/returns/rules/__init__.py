"""The rules: plain named functions on plain values, each with its code, words and source."""
