"""Measurements: `make bench` prints one JSON object. docs/benchmarks.md says what each key means.

The first process (`__main__`) makes databases and starts steps; a step is a function that runs in a
process of its own with Django over one of these databases, so that nothing of one measurement lives
on in the next.
"""
