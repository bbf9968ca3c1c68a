"""An engine outside: retry requests out, and event files in."""
