"""Benchmarks: `python -m bench` prints one table of ratios, all from one run, and writes bench/results.json."""
