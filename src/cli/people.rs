//! `person`: a further administrator, when no other administrator can let one in.

use super::args::PersonArgs;
use super::house::{House, Site};

/// Creates the account with a fresh password.
pub fn administrator(args: &PersonArgs, house: &dyn House) -> Result<(), String> {
    let password = house.password();
    let site = Site {
        database_url: args.database_url.clone(),
        keys: args.keys.clone(),
        checkpoint: None,
        simulated_from: None,
    };
    house.add_administrator(&site, &args.administrator, &args.printed_name, &password)?;
    println!("Administrator {} with password {password}", args.administrator);
    Ok(())
}
