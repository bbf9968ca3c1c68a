"""An engine outside: a small company whose mailboxes sync, fail and heal, reported over HTTP."""
