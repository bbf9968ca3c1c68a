"""Slack gestures: each module acknowledges, parses, calls one service and renders one card."""
