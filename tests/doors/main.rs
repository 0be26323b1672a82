//! Black box over a real server on port 0: persons with verbs, each world with its own database, which
//! is verified at the end. SQLite always, PostgreSQL when at hand; CI demands both.

mod authority;
mod concurrency;
mod conformity;
mod document;
mod doors;
mod hostile;
mod life;
mod persona;
mod quality;
mod signing;
mod world;
