"""SQLite as our embedded database: durable at every commit, and writers in the order they came."""
