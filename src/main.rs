//! The binary: reads the command line, wires the rooms, starts the verb.

fn main() {}
