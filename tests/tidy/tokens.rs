//! A source as words and signs: no comment, no text in quotes, no code that only tests compile.

/// A word or a sign, and the line it stands on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    pub text: String,
    pub line: usize,
}

impl Token {
    pub fn is(&self, text: &str) -> bool {
        self.text == text
    }

    pub fn is_name(&self) -> bool {
        self.text.starts_with(|c: char| c.is_alphabetic() || c == '_')
    }
}

/// The signs of two characters that mean something to the readers of these tokens.
const PAIRS: &[&str] = &["::", "=>", "->", ".."];

/// Splits a source. Quoted text is one token `""`, a character or a lifetime none.
pub fn tokens(text: &str) -> Vec<Token> {
    let chars: Vec<char> = text.chars().collect();
    let (mut found, mut at, mut line) = (Vec::new(), 0, 1);
    while at < chars.len() {
        let start = at;
        let rest = &chars[at..];
        if let Some(length) = skipped(rest) {
            at += length;
        } else if let Some(length) = quoted(rest) {
            found.push(Token { text: "\"\"".to_owned(), line });
            at += length;
        } else if rest[0].is_alphanumeric() || rest[0] == '_' {
            let length = rest.iter().take_while(|c| c.is_alphanumeric() || **c == '_').count();
            found.push(Token { text: rest[..length].iter().collect(), line });
            at += length;
        } else {
            let pair: String = rest.iter().take(2).collect();
            let length = if PAIRS.contains(&pair.as_str()) { 2 } else { 1 };
            found.push(Token { text: rest[..length].iter().collect(), line });
            at += length;
        }
        line += chars[start..at].iter().filter(|c| **c == '\n').count();
    }
    found
}

/// The length of white space, of a comment, of a character or of a lifetime.
fn skipped(rest: &[char]) -> Option<usize> {
    match rest {
        ['/', '/', ..] => Some(rest.iter().take_while(|c| **c != '\n').count()),
        ['/', '*', ..] => {
            let end = rest.windows(2).position(|pair| pair == ['*', '/']);
            Some(end.map_or(rest.len(), |end| end + 2))
        }
        ['\'', '\\', _, tail @ ..] => {
            Some(3 + tail.iter().position(|c| *c == '\'').map_or(tail.len(), |end| end + 1))
        }
        ['\'', _, '\'', ..] => Some(3),
        ['\'', ..] => Some(1),
        [c, ..] if c.is_whitespace() => Some(1),
        _ => None,
    }
}

/// The length of a text in quotes, raw or not.
fn quoted(rest: &[char]) -> Option<usize> {
    let prefix = rest.iter().take_while(|c| matches!(c, 'b' | 'r')).count();
    let raw = rest[..prefix].contains(&'r');
    let hashes = rest[prefix..].iter().take_while(|c| **c == '#' && raw).count();
    let open = prefix + hashes;
    if prefix > 2 || rest.get(open) != Some(&'"') {
        return None;
    }
    let mut at = open + 1;
    while at < rest.len() {
        match rest[at] {
            '\\' if !raw => at += 1,
            '"' if rest[at + 1..].iter().take_while(|c| **c == '#').count() >= hashes => {
                return Some(at + 1 + hashes);
            }
            _ => {}
        }
        at += 1;
    }
    Some(rest.len())
}

/// The sign that closes the bracket at `open`, or the end.
pub fn close_of(tokens: &[Token], open: usize) -> usize {
    let mut depth = 0_usize;
    for (at, token) in tokens.iter().enumerate().skip(open) {
        match token.text.as_str() {
            "(" | "[" | "{" => depth += 1,
            ")" | "]" | "}" => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return at;
        }
    }
    tokens.len()
}

/// What the product compiles: without the items under `#[cfg(test)]`. Beside it the modules of tests.
pub fn product(tokens: &[Token]) -> (Vec<Token>, Vec<String>) {
    let (mut kept, mut tests, mut at) = (Vec::new(), Vec::new(), 0);
    while at < tokens.len() {
        if !starts(&tokens[at..], &["#", "[", "cfg", "(", "test", ")", "]"]) {
            kept.push(tokens[at].clone());
            at += 1;
            continue;
        }
        let end = item_end(tokens, at);
        if let Some(name) = tokens[at..end].iter().position(|t| t.is("mod")) {
            tests.push(tokens[at + name + 1].text.clone());
        }
        at = end;
    }
    (kept, tests)
}

pub fn starts(tokens: &[Token], words: &[&str]) -> bool {
    tokens.len() >= words.len() && words.iter().zip(tokens).all(|(word, token)| token.is(word))
}

/// Behind the item at `at`: its attributes, then all up to its `;` or its closing brace.
fn item_end(tokens: &[Token], mut at: usize) -> usize {
    while at < tokens.len() {
        match tokens[at].text.as_str() {
            ";" => return at + 1,
            "{" => return close_of(tokens, at) + 1,
            "(" | "[" => at = close_of(tokens, at) + 1,
            _ => at += 1,
        }
    }
    tokens.len()
}
