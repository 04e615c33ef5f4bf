"""Experiments: the book's own runs again, and how to choose hyper-parameters."""
