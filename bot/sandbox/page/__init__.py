"""The page: the Slack stand-in as people see it, in a browser."""
