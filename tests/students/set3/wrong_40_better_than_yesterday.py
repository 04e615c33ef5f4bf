# mistake: an accuracy is compared with the one of the epoch before; it should be compared with the best of all epochs so far.
# fails: early-stopping
def last_epoch(accuracies, patience):
    waited = 0
    before = None
    for epoch, accuracy in enumerate(accuracies, start=1):
        if before is None or accuracy > before:
            waited = 0
        else:
            waited += 1
        before = accuracy
        if waited == patience:
            return epoch
    return len(accuracies)
