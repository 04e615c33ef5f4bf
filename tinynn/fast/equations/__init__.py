"""The equations over whole mini-batches: each is the declared twin of a loop function."""
