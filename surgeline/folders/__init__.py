"""What commands leave on disk: results come in, folders that are whole or not there go out, and are read back typed."""
