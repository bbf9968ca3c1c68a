"""How something reaches the app: an HTTP request, or an envelope over a WebSocket."""
