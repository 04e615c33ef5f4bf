# mistake: the count of bad epochs is not set back to 0 after a new best; it should count only the epochs since the best.
# fails: early-stopping


def last_epoch(accuracies, patience):
    best = -1
    bad = 0
    for epoch, accuracy in enumerate(accuracies, start=1):
        if accuracy > best:
            best = accuracy
        else:
            bad += 1
            if bad == patience:
                return epoch
    return len(accuracies)
