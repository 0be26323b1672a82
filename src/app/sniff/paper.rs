//! PDF: the names in it say whether it runs something, opens something or carries other files.

/// Names of what a PDF does besides being read.
const ACTS: &[&[u8]] = &[
    b"JavaScript",
    b"JS",
    b"Launch",
    b"EmbeddedFile",
    b"EmbeddedFiles",
    b"RichMedia",
    b"XFA",
    b"ImportData",
    b"SubmitForm",
    b"GoToE",
];

/// Whether a PDF says that it does any of this. Names are read as a reader reads them, with `#61` for
/// `a`. What is packed in it is not unpacked.
pub fn acts(bytes: &[u8]) -> bool {
    let begins = bytes.iter().enumerate().filter(|(_, byte)| **byte == b'/');
    begins.map(|(at, _)| name(&bytes[at + 1..])).any(|name| ACTS.contains(&name.as_slice()))
}

/// The name that begins here, decoded; no name that matters is longer than it is read.
fn name(bytes: &[u8]) -> Vec<u8> {
    let mut name = Vec::new();
    let mut rest = bytes;
    while let [byte, behind @ ..] = rest {
        let ends = matches!(byte, b'\0' | b'\t' | b'\n' | b'\x0c' | b'\r' | b' ')
            || b"()<>[]{}/%".contains(byte);
        if ends || name.len() > 20 {
            break;
        }
        let hex =
            |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
        let escaped = match behind {
            [high, low, after @ ..] if *byte == b'#' => {
                hex(*high).zip(hex(*low)).map(|(high, low)| (high * 16 + low, after))
            }
            _ => None,
        };
        let (read, after) = escaped.unwrap_or((*byte, behind));
        name.push(read);
        rest = after;
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_paper_that_does_something_is_known_however_its_names_are_written() {
        for paper in [
            "<< /OpenAction << /S /JavaScript /JS (app.alert(1)) >> >>",
            "<</S/J#61vaScript>>",
            "<</#4aS(x)>>",
            "<</S/#4c#61#75#6e#63#68>>",
            "<</Names<</EmbeddedFiles 3 0 R>>>>",
            "<</Type/EmbeddedFile>>",
            "<</AcroForm<</XFA 4 0 R>>>>",
            "/JS",
        ] {
            assert!(acts(paper.as_bytes()), "{paper}");
        }
        for paper in ["<</OpenAction[3 0 R/Fit]/BaseFont/JSomething>>", "/", "/#", "/#4", "JS", ""]
        {
            assert!(!acts(paper.as_bytes()), "{paper}");
        }
    }
}
