//! Passwords, key wrapping, access tokens, sessions.
