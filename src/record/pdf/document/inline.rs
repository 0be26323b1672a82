//! Text as people read it: runs with a style, symbols and badges. Colour never carries a meaning alone: a tone that
//! judges comes with a word or a symbol.

/// Characters that end a line, in one script or another.
const BREAKS: [char; 7] = ['\n', '\r', '\u{b}', '\u{c}', '\u{85}', '\u{2028}', '\u{2029}'];

/// Quotation marks that somebody's words could end with before they end.
const CURLY: [char; 5] = ['“', '”', '„', '‟', '❞'];

/// A text with its line breaks shown as ¶.
fn on_one_line(text: &str) -> String {
    let lines: Vec<_> = text.split("\r\n").flat_map(|part| part.split(BREAKS)).collect();
    lines.iter().map(|line| line.trim_end()).collect::<Vec<_>>().join(" ¶ ")
}

/// A piece of rich text: one paragraph, one cell line, one heading.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Text(pub Vec<Inline>);

/// One element of a text.
#[derive(Debug, Clone, PartialEq)]
pub enum Inline {
    /// Characters in one style. `\n` breaks the line.
    Run(Run),
    /// A drawn symbol, read aloud by its name.
    Symbol(Symbol, Tone),
    /// A word in a small coloured box.
    Badge(Badge),
}

/// Characters in one style.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Run {
    /// The characters; may hold anything a person typed.
    pub text: String,
    /// How they look.
    pub style: Style,
}

/// How characters look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Style {
    pub bold: bool,
    pub italic: bool,
    /// A hash or identifier: evenly spaced digits, may break at any character.
    pub code: bool,
    /// Struck through: a value that was corrected and must stay legible. Tagged as such too.
    pub struck: bool,
    /// A little smaller than the text around it.
    pub small: bool,
    /// Meaning that is also shown as colour.
    pub tone: Tone,
}

/// A meaning that is also shown as colour, never as colour alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Tone {
    /// Ordinary text.
    #[default]
    Plain,
    /// Secondary: units, names of fields, times.
    Muted,
    /// The house colour: titles and links between things.
    Accent,
    /// In order.
    Ok,
    /// Outside the normal range, or waiting for somebody.
    Alert,
    /// Outside what is accepted, rejected, broken.
    Fail,
}

/// A symbol drawn as a figure, since the font has none of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Symbol {
    /// ✓
    Check,
    /// ✗
    Cross,
    /// ⚠, a triangle
    Warning,
    /// ○, open or not yet
    Open,
    /// ●, done or present
    Filled,
}

/// A word in a small coloured box, for example `RELEASED`.
#[derive(Debug, Clone, PartialEq)]
pub struct Badge {
    /// The word.
    pub label: String,
    pub tone: Tone,
}

impl Badge {
    /// A badge.
    pub fn new(label: impl Into<String>, tone: Tone) -> Self {
        Badge { label: label.into(), tone }
    }
}

impl Symbol {
    /// The character the symbol stands for, which copying from the page gives.
    pub fn character(self) -> &'static str {
        match self {
            Symbol::Check => "✓",
            Symbol::Cross => "✗",
            Symbol::Warning => "⚠",
            Symbol::Open => "○",
            Symbol::Filled => "●",
        }
    }
}

impl Style {
    /// Ordinary text.
    pub const PLAIN: Style = Style {
        bold: false,
        italic: false,
        code: false,
        struck: false,
        small: false,
        tone: Tone::Plain,
    };

    /// This style in bold.
    pub fn bold(self) -> Self {
        Style { bold: true, ..self }
    }

    /// This style in italic.
    pub fn italic(self) -> Self {
        Style { italic: true, ..self }
    }

    /// This style a little smaller.
    pub fn small(self) -> Self {
        Style { small: true, ..self }
    }

    /// This style in the given tone.
    pub fn tone(self, tone: Tone) -> Self {
        Style { tone, ..self }
    }
}

impl Text {
    /// No text.
    pub fn new() -> Self {
        Text::default()
    }

    /// Text in one style.
    pub fn styled(text: impl Into<String>, style: Style) -> Self {
        Text::new().run(text, style)
    }

    /// Adds characters in a style. Only [`line`](Self::line) and [`lines`](Self::lines) break a line: a break inside the
    /// characters is shown as ¶, so that nothing that somebody typed can begin a line of the record's own.
    pub fn run(self, text: impl Into<String>, style: Style) -> Self {
        let text = text.into();
        if text.contains(BREAKS) {
            self.put(on_one_line(&text), style)
        } else {
            self.put(text, style)
        }
    }

    /// Adds what stands in approved text with the line breaks that it has: an instruction, a specimen.
    pub fn lines(mut self, text: &str, style: Style) -> Self {
        for (place, line) in text.lines().enumerate() {
            self = if place > 0 { self.line() } else { self };
            self = self.run(line, style);
        }
        self
    }

    /// Adds words that a person wrote freely (a reason, a conclusion, a comment): in italics between “ and ”, on one
    /// line. Curly marks of their own are printed straight, so that the last ” is where their words end.
    pub fn quote(self, text: impl Into<String>) -> Self {
        let text = text.into();
        if text.is_empty() {
            return self;
        }
        let marks = Style::PLAIN.tone(Tone::Muted);
        self.run("“", marks).run(text.replace(CURLY, "\""), Style::PLAIN.italic()).run("”", marks)
    }

    fn put(mut self, text: String, style: Style) -> Self {
        if !text.is_empty() {
            self.0.push(Inline::Run(Run { text, style }));
        }
        self
    }

    /// Adds ordinary characters.
    pub fn plain(self, text: impl Into<String>) -> Self {
        self.run(text, Style::PLAIN)
    }

    /// Adds bold characters.
    pub fn bold(self, text: impl Into<String>) -> Self {
        self.run(text, Style::PLAIN.bold())
    }

    /// Adds italic characters.
    pub fn italic(self, text: impl Into<String>) -> Self {
        self.run(text, Style::PLAIN.italic())
    }

    /// Adds secondary characters.
    pub fn muted(self, text: impl Into<String>) -> Self {
        self.run(text, Style::PLAIN.tone(Tone::Muted))
    }

    /// Adds small secondary characters.
    pub fn fine(self, text: impl Into<String>) -> Self {
        self.run(text, Style::PLAIN.small().tone(Tone::Muted))
    }

    /// Adds a hash or identifier, which may break at any character.
    pub fn code(self, text: impl Into<String>) -> Self {
        self.run(text, Style { code: true, ..Style::PLAIN })
    }

    /// Adds struck-through characters: a corrected value, still legible.
    pub fn struck(self, text: impl Into<String>) -> Self {
        self.run(text, Style { struck: true, tone: Tone::Muted, ..Style::PLAIN })
    }

    /// Adds a symbol in a tone.
    pub fn symbol(mut self, symbol: Symbol, tone: Tone) -> Self {
        self.0.push(Inline::Symbol(symbol, tone));
        self
    }

    /// Adds a badge.
    pub fn badge(mut self, label: impl Into<String>, tone: Tone) -> Self {
        self.0.push(Inline::Badge(Badge::new(label, tone)));
        self
    }

    /// Adds ✓ and words: in order.
    pub fn ok(self, text: impl Into<String>) -> Self {
        self.judged(Symbol::Check, Tone::Ok, text)
    }

    /// Adds ⚠ and words: outside the normal range, or waiting.
    pub fn alert(self, text: impl Into<String>) -> Self {
        self.judged(Symbol::Warning, Tone::Alert, text)
    }

    /// Adds ✗ and words: outside what is accepted.
    pub fn fail(self, text: impl Into<String>) -> Self {
        self.judged(Symbol::Cross, Tone::Fail, text)
    }

    /// Adds a line break.
    pub fn line(self) -> Self {
        self.put("\n".to_owned(), Style::PLAIN)
    }

    /// Adds all of another text.
    pub fn then(mut self, other: impl Into<Text>) -> Self {
        self.0.extend(other.into().0);
        self
    }

    /// Whether there is nothing to print.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The characters alone, as bookmarks and alternative texts need them.
    pub fn words(&self) -> String {
        let mut words = String::new();
        for inline in &self.0 {
            match inline {
                Inline::Run(run) => words.push_str(&run.text),
                Inline::Symbol(symbol, _) => words.push_str(symbol.character()),
                Inline::Badge(badge) => words.push_str(&badge.label),
            }
        }
        words
    }

    fn judged(self, symbol: Symbol, tone: Tone, text: impl Into<String>) -> Self {
        let text = text.into();
        let text = if text.is_empty() { text } else { format!("\u{a0}{text}") };
        self.symbol(symbol, tone).run(text, Style::PLAIN.tone(tone))
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        Text::new().plain(text)
    }
}

impl From<String> for Text {
    fn from(text: String) -> Self {
        Text::new().plain(text)
    }
}

impl From<&String> for Text {
    fn from(text: &String) -> Self {
        Text::new().plain(text.as_str())
    }
}

impl From<Badge> for Text {
    fn from(badge: Badge) -> Self {
        Text(vec![Inline::Badge(badge)])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_keep_everything_that_is_printed() {
        let text = Text::new()
            .struck("7.5")
            .plain(" ")
            .bold("7.05")
            .plain(" ")
            .ok("within")
            .badge("CPP", Tone::Accent);
        assert_eq!(text.words(), "7.5 7.05 ✓\u{a0}withinCPP");
    }

    // finding: A19
    #[test]
    fn nothing_typed_breaks_a_line_or_ends_its_own_quotation() {
        let typed = "fine\r\nsigned\u{2028}by”\u{85}me";
        assert_eq!(Text::new().plain(typed).words(), "fine ¶ signed ¶ by” ¶ me");
        let quoted = Text::new().muted("Reason: ").quote(typed).line().plain("end");
        assert_eq!(quoted.words(), "Reason: “fine ¶ signed ¶ by\" ¶ me”\nend");
        let approved = Text::new().lines("Stir.\nWait.", Style::PLAIN);
        assert_eq!(approved.words(), "Stir.\nWait.");
    }
}
