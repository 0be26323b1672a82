//! Texts: plain ones, tables, JSON, XML data; never a page, a drawing or a program.

/// Words by which a text is a page or a program that a browser would run, behind a `<` and any prefix.
const ACTIVE: &[&str] = &[
    "script", "html", "!doctype", "svg", "iframe", "object", "embed", "body", "head>", "img",
    "?php", "!entity", "form", "link", "meta", "style",
];

/// Words before a colon by which an address is a program.
const SCHEMES: &[&str] = &["javascript", "vbscript"];

/// Words that a program's text begins with.
const PROGRAM: &[&str] = &[
    "#!",
    "function ",
    "function(",
    "(function",
    "(()",
    "var ",
    "let ",
    "const ",
    "import ",
    "export ",
    "'use strict'",
    "\"use strict\"",
    "window.",
    "document.",
    "eval(",
    "alert(",
    "@echo",
    "powershell",
    "#requires",
    "sub ",
    "public class ",
    "create object",
    "set-executionpolicy",
    "{\\rtf",
    "mime-version:",
    "[internetshortcut]",
];

/// Addresses that make XML a page, a drawing, or a program that makes one.
const PAGES: &[&str] =
    &["/1999/xhtml", "/2000/svg", "/1999/xsl", "/math/mathml", "there.is.only.xul"];

const PAGE: &str = "a page or drawing that a browser would run";

/// The media type that a text shows.
pub fn shown(name: &str, bytes: &[u8]) -> Result<&'static str, &'static str> {
    let odd = |c: char| c.is_control() && !matches!(c, '\n' | '\r' | '\t' | '\u{c}');
    let text = std::str::from_utf8(bytes).ok().filter(|text| !text.chars().any(odd));
    let text = text.ok_or("nothing that is known by its bytes")?;
    let text = text.trim_start_matches('\u{feff}').trim_start();
    let plain = text.to_ascii_lowercase();
    if PROGRAM.iter().any(|word| plain.starts_with(word)) {
        return Err("the text of a program");
    }
    if is_active(plain.as_bytes()) {
        return Err(PAGE);
    }
    let named_xml = name.to_lowercase().ends_with(".xml");
    if plain.starts_with("<?xml") || (named_xml && plain.starts_with('<')) {
        return xml(&plain);
    }
    let is_json = || serde_json::from_str::<serde_json::Value>(text).is_ok();
    Ok(match text.chars().next() {
        Some('{' | '[') if is_json() => "application/json",
        _ if is_table(text) => "text/csv",
        _ => "text/plain",
    })
}

/// XML that is data: its declaration is the only instruction in it, it is UTF-8 as it says, and no name
/// space makes a page of it, however that is written.
fn xml(plain: &str) -> Result<&'static str, &'static str> {
    let declared = plain.strip_prefix("<?xml").and_then(|rest| rest.split_once("?>"));
    let (declaration, body) = declared.unwrap_or(("", plain));
    let letters = declaration.split_once("encoding").map(|(_, letters)| letters);
    let plain_letters = letters.is_none_or(|letters| letters.contains("utf-8"));
    let begins = declaration.is_empty() || declaration.starts_with(|c: char| c.is_whitespace());
    if !plain_letters || !begins || body.contains("<?") {
        return Err("XML with instructions or in other letters than UTF-8");
    }
    let spaces = body.split("xmlns").skip(1).map(|rest| {
        let quoted = rest.find(['"', '\'']).map_or("", |at| &rest[at..]);
        let mark = quoted.chars().next().unwrap_or('"');
        quoted.get(1..).and_then(|value| value.split(mark).next()).unwrap_or_default()
    });
    // A name space with a reference in it hides what it is.
    let page = |space: &str| space.contains('&') || PAGES.iter().any(|page| space.contains(page));
    if spaces.into_iter().any(page) { Err(PAGE) } else { Ok("application/xml") }
}

/// Two lines or more, each with the same number of separators.
fn is_table(text: &str) -> bool {
    let columns = |line: &str, by: char| line.matches(by).count();
    [',', ';'].into_iter().any(|by| {
        let mut lines = text.lines().filter(|line| !line.trim().is_empty()).take(20);
        let first = lines.next().map_or(0, |line| columns(line, by));
        let rest: Vec<usize> = lines.map(|line| columns(line, by)).collect();
        first > 0 && !rest.is_empty() && rest.iter().all(|count| *count == first)
    })
}

/// Whether a browser would run it, in one walk: an element or an address that runs, or any element at
/// all and an attribute that does something on an event.
fn is_active(plain: &[u8]) -> bool {
    let (mut element, mut event) = (false, false);
    for (i, byte) in plain.iter().enumerate() {
        let behind = &plain[i + 1..];
        match byte {
            b'<' if ACTIVE.iter().any(|word| local(behind).starts_with(word.as_bytes())) => {
                return true;
            }
            b'<' => element |= behind.first().is_some_and(u8::is_ascii_alphabetic),
            b':' if SCHEMES.iter().any(|word| plain[..i].ends_with(word.as_bytes())) => {
                return true;
            }
            b' ' | b'\t' | b'\r' | b'\n' | b'\x0c' | b'/' | b'"' | b'\'' => {
                event |= is_event(behind);
            }
            _ => {}
        }
        if element && event {
            return true;
        }
    }
    false
}

/// An element's name without the prefix of its name space.
fn local(name: &[u8]) -> &[u8] {
    let ends = |byte: &u8| !byte.is_ascii_alphanumeric() && !b"-_.".contains(byte);
    match name.iter().position(ends) {
        Some(at) if at > 0 && name[at] == b':' => &name[at + 1..],
        _ => name,
    }
}

/// Whether an attribute `on…=` begins here.
fn is_event(text: &[u8]) -> bool {
    let Some(rest) = text.strip_prefix(b"on") else { return false };
    let letters = rest.iter().take_while(|byte| byte.is_ascii_alphabetic()).count();
    letters > 0 && rest[letters..].trim_ascii_start().starts_with(b"=")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_that_runs_is_taken() {
        let wide: Vec<u8> = "\u{feff}<html>".encode_utf16().flat_map(u16::to_le_bytes).collect();
        for text in [
            &b"#!/bin/sh\nrm -rf /"[..],
            b"\xef\xbb\xbf \n#!/bin/sh",
            b"<!DOCTYPE html><p>",
            b"\n\n  <SvG xmlns='x'>",
            b"hello <ScRiPt>alert(1)</script>",
            b"see <a onclick=alert(1)>",
            b"t,pH\n1,<video src=x onerror = 'alert(1)'>\n",
            b"{\"a\": \"<b/onfocus=alert(1)>\"}",
            b"<a href='javascript:alert(1)'>",
            b"[InternetShortcut]\nURL=file://x",
            b"MIME-Version: 1.0",
            b"function f() {}",
            &wide,
        ] {
            assert!(shown("a.txt", text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn xml_is_data_and_nothing_else() {
        for text in [
            "<a:script xmlns:a='urn:x'>alert(1)</a:script>",
            "<r><s:svg/></r>",
            "<x:p xmlns:x=\"http://www.w3.org/1999/xhtml\"/>",
            "<x:p xmlns:x = 'http://www.w3.org/2000/SVG'/>",
            "<x:p xmlns:x='http://www.w3.org/1999/&#120;html'/>",
            "<x xmlns='http://www.w3.org/1999/XSL/Transform'/>",
            "<?xml version='1.0'?><?xml-stylesheet href='x.xsl'?><r/>",
            "<?xml-stylesheet href='x.xsl'?><r/>",
            "<?xml version='1.0' encoding='UTF-7'?><r/>",
            "<?xml version='1.0'?><x:svg/>",
            "<r onload='x'/>",
        ] {
            assert!(shown("a.xml", text.as_bytes()).is_err(), "{text}");
        }
    }
}
