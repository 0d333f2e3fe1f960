"""`make bench`: figures about speed, each beside its baseline, measured in turns in the same run."""
