//! Devices: they are listed by their rows in `records`.

use super::Rows;
use crate::domain::device::Device;

impl Rows for Device {}
