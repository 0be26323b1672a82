//! The desk: one file per command or question. What happens first, second, third is read here.

pub mod answer;
pub mod audit;
pub mod catalogue;
pub mod desk;
pub mod deviation;
pub mod device;
pub mod enclosure;
pub mod examiner;
pub mod health;
pub mod lot;
pub mod master;
pub mod person;
pub mod printable;
pub mod proof;
pub mod reading;
pub mod refusal;
pub mod report;
pub mod run;
pub mod scope;
pub mod session;
pub mod shown;
pub mod signing;
pub mod site;
pub mod sniff;
pub mod turnstile;
pub mod words;
