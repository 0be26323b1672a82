//! Rules about persons, each refused once and allowed once.
