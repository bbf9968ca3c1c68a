"""Loopback stand-ins for the services that syncbot talks to, built from what their vendors document."""
