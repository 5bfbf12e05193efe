//! JSON that keeps every character and still cannot steer a terminal.

use std::fmt::Write;

use serde::Serialize;

use super::safe::acts;

/// Bytes to spare for a few escapes; they are rare.
const ROOM_FOR_ESCAPES: usize = 64;

/// The value on one line, without a newline at the end.
///
/// # Errors
/// Where the value cannot be written as JSON, as a map with keys that are no strings.
pub fn line(value: &impl Serialize) -> Result<String, serde_json::Error> {
    serde_json::to_string(value).map(escaped)
}

/// The value over several lines, for a person.
///
/// # Errors
/// As [`line()`].
pub fn pretty(value: &impl Serialize) -> Result<String, serde_json::Error> {
    serde_json::to_string_pretty(value).map(escaped)
}

/// JSON leaves DEL, the C1 controls and directional overrides as they are; outside strings none of them can stand,
/// so each may be written as its escape.
fn escaped(json: String) -> String {
    if !json.contains(acts) {
        return json;
    }
    let mut out = String::with_capacity(json.len() + ROOM_FOR_ESCAPES);
    for c in json.chars() {
        if acts(c) {
            // All of these are in the basic plane, where one escape is one character; a string takes any write.
            let _ = write!(out, "\\u{:04x}", u32::from(c));
        } else {
            out.push(c);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_could_steer_a_terminal_is_escaped_and_read_back_whole() {
        let text = "a\u{1b}\u{7f}\u{9b}\u{202e}\u{2028}b";
        let json = line(&text).unwrap();
        assert_eq!(json, r#""a\u001b\u007f\u009b\u202e\u2028b""#);
        assert_eq!(serde_json::from_str::<String>(&json).unwrap(), text);
    }
}
