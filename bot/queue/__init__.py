"""Who wakes up the sweeps: embedded here, in one process."""
