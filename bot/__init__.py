"""syncbot: run a mailbox sync from Slack."""
