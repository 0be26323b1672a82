//! The horizontal room of a block.

use super::palette::sheet;

/// The horizontal room of a block.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Area {
    /// Left edge.
    pub x: f32,
    pub width: f32,
}

impl Area {
    /// The whole width between the margins.
    pub const PAGE: Area = Area { x: sheet::LEFT, width: sheet::RIGHT - sheet::LEFT };

    /// What remains between two insets.
    pub fn inset(self, left: f32, right: f32) -> Self {
        Area { x: self.x + left, width: (self.width - left - right).max(1.0) }
    }

    /// The right edge.
    pub fn right(self) -> f32 {
        self.x + self.width
    }
}
