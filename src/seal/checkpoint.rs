//! Checkpoints: the site's log key signs size and root of the tree (C2SP tlog-checkpoint in a signed note).
//!
//! The note's text is origin, size, root in base64, and two extension lines, `number N` and
//! `time YYYY-MM-DDTHH:MM:SS.ffffffZ`, so that every column of the checkpoint's row is signed.
//!
//! The head of the log is the same with `head N` for its first extension line, N the newest numbered
//! checkpoint: neither passes for the other, and who takes away the newest checkpoint is found.

use signed_note::{Note, StandardSigner, StandardVerifier, Verifier as _, VerifierList};
use std::fmt;
use tlog_tiles::Hash as Node;

use super::digest::Hash;
use super::key::{KeyKind, PrivateKey, PublicKey};
use super::tree::{self, TreeFault};

/// A checkpoint as stored: columns and the signed note that they are copies of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// 1, 2, 3, … without gaps.
    pub number: u64,
    /// How many leaves it covers; more than the checkpoint before.
    pub size: u64,
    /// The tree's root at that size.
    pub root: Hash,
    /// The site's clock, µs since 1970-01-01 UTC.
    pub at: i64,
    /// The whole signed note, exactly as served and kept.
    pub note: String,
}

/// The head of the log as stored: what every commit signs anew.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// The newest numbered checkpoint; 0 before the first.
    pub checkpoint: u64,
    /// How many leaves the log has.
    pub size: u64,
    /// The log's root.
    pub root: Hash,
    /// The time of the commit by the site's clock, µs since 1970-01-01 UTC.
    pub at: i64,
    /// The whole signed note.
    pub note: String,
}

/// The log key of a site, ready to sign.
#[derive(Clone)]
pub struct LogSigner {
    origin: String,
    signer: StandardSigner,
    public: PublicKey,
}

impl fmt::Debug for LogSigner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("LogSigner").field(&self.origin).finish()
    }
}

/// What a note's first extension line counts.
#[derive(Clone, Copy)]
enum Counted {
    Number,
    Head,
}

impl Counted {
    fn word(self) -> &'static str {
        match self {
            Self::Number => "number ",
            Self::Head => "head ",
        }
    }
}

/// Why a checkpoint cannot be made or does not stand.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CheckpointFault {
    /// The origin is empty or has spaces, `+` or control characters.
    #[error("the log origin {0:?} cannot stand in a checkpoint: no spaces, no '+', not empty")]
    Origin(String),
    /// The key is not an Ed25519 key.
    #[error("a checkpoint is signed by an Ed25519 key")]
    KeyKind,
    /// The time lies outside the years a checkpoint can write.
    #[error("the time {0} µs cannot be written in a checkpoint")]
    Time(i64),
    /// Not a signed note, or its text not a checkpoint of this product.
    #[error("it is not a checkpoint: {0}")]
    Malformed(&'static str),
    /// The checkpoint is another log's.
    #[error("it is a checkpoint of {found:?}, not of {expected:?}")]
    OtherLog {
        /// The origin expected.
        expected: String,
        /// The origin found.
        found: String,
    },
    /// No signature by any of the keys given.
    #[error("it is not signed by the site's log key")]
    UnknownKey,
    /// The signature by the site's key does not hold.
    #[error("its signature is forged or its text was changed")]
    Forged,
    /// A later checkpoint does not contain an earlier one.
    #[error(
        "the log of {new} entries does not begin with the {old} entries of the earlier checkpoint"
    )]
    NotConsistent {
        /// The earlier size.
        old: u64,
        /// The later size.
        new: u64,
    },
}

/// Whether an origin can name a log: not empty, no white space, no `+`, no control characters.
///
/// # Errors
/// [`CheckpointFault::Origin`].
pub fn check_origin(origin: &str) -> Result<(), CheckpointFault> {
    let bad =
        |character: char| character.is_whitespace() || character.is_control() || character == '+';
    if origin.is_empty() || origin.chars().any(bad) {
        return Err(CheckpointFault::Origin(origin.to_owned()));
    }
    Ok(())
}

/// The public log key as C2SP writes it (`origin+id+key`), for other people's verifiers.
///
/// # Errors
/// [`CheckpointFault::Origin`] or [`CheckpointFault::KeyKind`].
pub fn verifier_key(origin: &str, key: &PublicKey) -> Result<String, CheckpointFault> {
    check_origin(origin)?;
    match key {
        PublicKey::Ed25519(key) => Ok(signed_note::new_ed25519_verifier_key(origin, key)),
        PublicKey::P256(_) => Err(CheckpointFault::KeyKind),
    }
}

impl LogSigner {
    /// The log key of the site whose log has this origin.
    ///
    /// # Errors
    /// [`CheckpointFault::Origin`] or [`CheckpointFault::KeyKind`].
    pub fn new(origin: &str, key: &PrivateKey) -> Result<Self, CheckpointFault> {
        check_origin(origin)?;
        let signer = signer(origin, key)?;
        Ok(Self { origin: origin.to_owned(), signer, public: key.public() })
    }

    /// The origin of the log.
    #[must_use]
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// The public half.
    #[must_use]
    pub fn public(&self) -> &PublicKey {
        &self.public
    }

    /// Signs a numbered checkpoint.
    ///
    /// # Errors
    /// [`CheckpointFault::Time`].
    pub fn checkpoint(
        &self,
        number: u64,
        size: u64,
        root: Hash,
        at: i64,
    ) -> Result<Checkpoint, CheckpointFault> {
        let note = self.note((Counted::Number, number), size, root, at)?;
        Ok(Checkpoint { number, size, root, at, note })
    }

    /// Signs the head of the log; `checkpoint` is the newest numbered one.
    ///
    /// # Errors
    /// [`CheckpointFault::Time`].
    pub fn head(
        &self,
        checkpoint: u64,
        size: u64,
        root: Hash,
        at: i64,
    ) -> Result<Head, CheckpointFault> {
        let note = self.note((Counted::Head, checkpoint), size, root, at)?;
        Ok(Head { checkpoint, size, root, at, note })
    }

    fn note(
        &self,
        (counted, count): (Counted, u64),
        size: u64,
        root: Hash,
        at: i64,
    ) -> Result<String, CheckpointFault> {
        let extension = format!("{}{count}\ntime {}\n", counted.word(), time_text(at)?);
        let text = tlog_tiles::Checkpoint::new(&self.origin, size, Node(root), &extension)
            .map_err(|_| CheckpointFault::Origin(self.origin.clone()))?;
        let mut note =
            Note::new(&text.to_bytes(), &[]).map_err(|_| CheckpointFault::Malformed("the text"))?;
        note.add_sigs(&[&self.signer]).map_err(|_| CheckpointFault::Malformed("the signature"))?;
        String::from_utf8(note.to_bytes()).map_err(|_| CheckpointFault::Malformed("the text"))
    }
}

impl Head {
    /// Reads a note and verifies that one of `keys` signed it for this `origin`. Gives the key's index too.
    ///
    /// # Errors
    /// [`CheckpointFault`].
    pub fn open(
        note: &str,
        origin: &str,
        keys: &[PublicKey],
    ) -> Result<(Self, usize), CheckpointFault> {
        let (Checkpoint { number, size, root, at, note }, key) =
            open(note, origin, keys, Counted::Head)?;
        Ok((Self { checkpoint: number, size, root, at, note }, key))
    }
}

impl Checkpoint {
    /// Signs a checkpoint with the site's log key.
    ///
    /// # Errors
    /// [`CheckpointFault::Origin`], [`CheckpointFault::KeyKind`] or [`CheckpointFault::Time`].
    pub fn sign(
        origin: &str,
        number: u64,
        size: u64,
        root: Hash,
        at: i64,
        key: &PrivateKey,
    ) -> Result<Self, CheckpointFault> {
        LogSigner::new(origin, key)?.checkpoint(number, size, root, at)
    }

    /// Reads a note and verifies that one of `keys` signed it for this `origin`. Gives the key's index too.
    ///
    /// The note must be byte for byte what [`Checkpoint::sign`] writes: one signature, nothing else.
    ///
    /// # Errors
    /// [`CheckpointFault`].
    pub fn open(
        note: &str,
        origin: &str,
        keys: &[PublicKey],
    ) -> Result<(Self, usize), CheckpointFault> {
        open(note, origin, keys, Counted::Number)
    }
}

fn open(
    note: &str,
    origin: &str,
    keys: &[PublicKey],
    counted: Counted,
) -> Result<(Checkpoint, usize), CheckpointFault> {
    let parsed = Note::from_bytes(note.as_bytes())
        .map_err(|_| CheckpointFault::Malformed("not a signed note"))?;
    if parsed.to_bytes() != note.as_bytes() {
        return Err(CheckpointFault::Malformed("not in the note's one form"));
    }
    let checkpoint = from_text(parsed.text(), note, origin, counted)?;
    for (index, key) in keys.iter().enumerate() {
        let verifier = StandardVerifier::new(&verifier_key(origin, key)?)
            .map_err(|_| CheckpointFault::Origin(origin.to_owned()))?;
        let signer = (verifier.name().to_owned(), verifier.key_id());
        match parsed.verify(&VerifierList::new(vec![Box::new(verifier)])) {
            Ok((verified, others)) if verified.len() == 1 && others.is_empty() => {
                return if one_signature(note) {
                    Ok((checkpoint, index))
                } else {
                    Err(CheckpointFault::Malformed("more than one signature"))
                };
            }
            Ok(_) => return Err(CheckpointFault::Malformed("more than one signature")),
            Err(signed_note::NoteError::InvalidSignature { name, id })
                if (name.clone(), id) == signer =>
            {
                return Err(CheckpointFault::Forged);
            }
            Err(_) => {}
        }
    }
    Err(CheckpointFault::UnknownKey)
}

fn from_text(
    text: &[u8],
    note: &str,
    origin: &str,
    counted: Counted,
) -> Result<Checkpoint, CheckpointFault> {
    let parsed = tlog_tiles::Checkpoint::from_bytes(text)
        .map_err(|_| CheckpointFault::Malformed("origin, size or root"))?;
    if parsed.origin() != origin {
        return Err(CheckpointFault::OtherLog {
            expected: origin.to_owned(),
            found: parsed.origin().to_owned(),
        });
    }
    if parsed.to_bytes() != text {
        return Err(CheckpointFault::Malformed("not in the text's one form"));
    }
    let lines: Vec<&str> = parsed.extension().lines().collect();
    let [count, time] = lines[..] else {
        return Err(CheckpointFault::Malformed("number and time are expected after the root"));
    };
    Ok(Checkpoint {
        number: read_count(count, counted)?,
        size: parsed.size(),
        root: parsed.hash().0,
        at: read_time(time)?,
        note: note.to_owned(),
    })
}

/// Whether the log of `new` begins with the log of `old`, by a proof from [`tree::Tree::consistency_proof`].
///
/// # Errors
/// [`CheckpointFault::NotConsistent`], also when `new` is the smaller one.
pub fn check_consistency(
    old: &Checkpoint,
    new: &Checkpoint,
    proof: &[Hash],
) -> Result<(), CheckpointFault> {
    tree::check_consistency(proof, old.size, &old.root, new.size, &new.root)
        .map_err(|_: TreeFault| CheckpointFault::NotConsistent { old: old.size, new: new.size })
}

fn signer(origin: &str, key: &PrivateKey) -> Result<StandardSigner, CheckpointFault> {
    use base64::Engine as _;
    use zeroize::Zeroizing;
    if key.kind() != KeyKind::Ed25519 {
        return Err(CheckpointFault::KeyKind);
    }
    let vkey = verifier_key(origin, &key.public())?;
    let id = vkey.split('+').nth(1).unwrap_or_default();
    // signed_note has no other constructor than from this text; it is wiped, its decoded copy lives on in the crate.
    let mut secret = Zeroizing::new(vec![1_u8]);
    secret.extend_from_slice(key.secret().as_slice());
    let encoded = Zeroizing::new(base64::engine::general_purpose::STANDARD.encode(&*secret));
    let text = Zeroizing::new(format!("PRIVATE+KEY+{origin}+{id}+{}", *encoded));
    StandardSigner::new(&text).map_err(|_| CheckpointFault::Origin(origin.to_owned()))
}

/// signed_note drops a repeated signature silently; a second line would be unsigned bytes in a kept row.
fn one_signature(note: &str) -> bool {
    note.rsplit_once("\n\n").is_some_and(|(_, signatures)| signatures.lines().count() == 1)
}

fn read_count(line: &str, counted: Counted) -> Result<u64, CheckpointFault> {
    let fault = CheckpointFault::Malformed("the number");
    let digits = line.strip_prefix(counted.word()).ok_or_else(|| fault.clone())?;
    let number: u64 = digits.parse().map_err(|_| fault.clone())?;
    if number.to_string() == digits { Ok(number) } else { Err(fault) }
}

fn time_text(at: i64) -> Result<String, CheckpointFault> {
    let time = jiff::Timestamp::from_microsecond(at).map_err(|_| CheckpointFault::Time(at))?;
    Ok(format!("{time:.6}"))
}

fn read_time(line: &str) -> Result<i64, CheckpointFault> {
    let fault = CheckpointFault::Malformed("the time");
    let text = line.strip_prefix("time ").ok_or_else(|| fault.clone())?;
    let time: jiff::Timestamp = text.parse().map_err(|_| fault.clone())?;
    let at = time.as_microsecond();
    if time_text(at)? == text { Ok(at) } else { Err(fault) }
}

#[cfg(test)]
mod tests;
