//! The site: nothing of it is listed.

use super::Rows;
use crate::domain::site::Site;

impl Rows for Site {
    fn mark(&self) -> u64 {
        0
    }
}
