//! The desk: one file per command or question.
