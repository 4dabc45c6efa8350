"""Benchmarks: what the classifier and the house reach, beside simpler ways, as tables in docs/measurements.md."""
