"""Values and pure decisions: no clock, no I/O, no Slack, no SQL."""
