"""Slack for real: the Bolt app, the Web API client, the manifest."""
