"""A stand-in for Slack: the Web API, what Slack sends to apps, and the rules of both."""
