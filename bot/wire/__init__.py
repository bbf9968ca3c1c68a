"""What crosses the wire between syncbot and an engine outside: event schema, parsing, signatures."""
