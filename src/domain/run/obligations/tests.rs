//! What a run owes, from issue to release, on small masters.
