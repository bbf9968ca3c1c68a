"""Use cases: what a person or an engine can ask of syncbot, free of Slack, SQL and HTTP."""
