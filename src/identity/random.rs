//! Randomness: the operating system's, nothing between.

use rand::TryRngCore;
use rand::rngs::OsRng;

/// So many bytes of the operating system's randomness.
///
/// # Panics
/// When the operating system has none to give: a key made without it would be no key.
#[must_use]
pub fn bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0_u8; N];
    OsRng
        .try_fill_bytes(&mut bytes)
        .expect("the operating system gives randomness; without it no key may be made");
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_draws_differ() {
        assert_ne!(bytes::<32>(), bytes::<32>());
    }
}
