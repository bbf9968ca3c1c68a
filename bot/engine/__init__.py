"""The built-in engine: Microsoft 365 to Google Workspace, with a journal that survives being killed."""
