"""Cards: each module turns one frozen view model into one Block Kit payload."""
