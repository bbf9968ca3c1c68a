"""HTTP: the events API, Slack's endpoint, health and metrics."""
