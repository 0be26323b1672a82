//! The machine behind the verbs: files, keys, database, server.
