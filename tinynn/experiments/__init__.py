"""The book's figures, tables and baselines, run again and held against the numbers it printed."""
