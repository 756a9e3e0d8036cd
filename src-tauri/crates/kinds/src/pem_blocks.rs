//! The PEM blocks of a paste, with whatever stands around them left out.
//!
//! One pass over the text; a block that cannot be read does not hide the others. What the pem crate
//! copies on its way is wiped by the program's allocator, which wipes all that is given back.

use zeroize::Zeroizing;

const BEGIN: &str = "-----BEGIN ";
const END: &str = "-----END ";
const DASHES: &str = "-----";

/// One block, as it was pasted and as bytes.
pub(crate) struct Block<'a> {
    /// What it says it is, as in `CERTIFICATE`.
    pub(crate) label: &'a str,
    /// From the first dash to the last.
    pub(crate) text: &'a str,
    /// What is in it, unless it is damaged.
    pub(crate) bytes: Option<Zeroizing<Vec<u8>>>,
    /// Whether OpenSSL's old way of encrypting it is named in its headers.
    pub(crate) encrypted: bool,
}

impl Block<'_> {
    pub(crate) fn is_certificate(&self) -> bool {
        matches!(self.label, "CERTIFICATE" | "X509 CERTIFICATE")
    }

    pub(crate) fn is_private_key(&self) -> bool {
        self.label.ends_with("PRIVATE KEY")
    }
}

/// The blocks of `text`, at most `most` of them.
pub(crate) fn blocks(text: &str, most: usize) -> Vec<Block<'_>> {
    let mut found = Vec::new();
    let mut rest = text;
    while found.len() < most {
        let Some(begin) = rest.find(BEGIN) else { break };
        rest = rest.get(begin..).unwrap_or_default();
        let after = rest.get(BEGIN.len()..).unwrap_or_default();
        let label_end = after.find(DASHES).filter(|end| *end <= 64);
        let label = label_end.and_then(|end| after.get(..end)).filter(|l| !l.contains('\n'));
        let Some(label) = label else {
            rest = after;
            continue;
        };
        // Without an end there is none for any later block either.
        let Some(end) = after.find(END) else { break };
        let tail = after.get(end + END.len()..).unwrap_or_default();
        let Some(close) = tail.find(DASHES) else { break };
        let length = BEGIN.len() + end + END.len() + close + DASHES.len();
        let whole = rest.get(..length).unwrap_or_default();
        found.push(read(label, whole));
        rest = rest.get(length..).unwrap_or_default();
    }
    found
}

fn read<'a>(label: &'a str, text: &'a str) -> Block<'a> {
    let parsed = pem::parse(text).ok();
    let encrypted = parsed.as_ref().is_some_and(|block| {
        block.headers().get("Proc-Type").is_some_and(|kind| kind.contains("ENCRYPTED"))
    });
    let bytes = parsed.map(|block| Zeroizing::new(block.into_contents()));
    Block { label, text, bytes, encrypted }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_damaged_block_does_not_hide_the_next_and_words_between_are_left_out() {
        let text = "Bag Attributes\r\n-----BEGIN ONE-----\r\n!!!\r\n-----END ONE-----\r\nhello\n\
                    -----BEGIN TWO-----\nAAEC\n-----END TWO-----";
        let found = blocks(text, 9);
        let read: Vec<_> =
            found.iter().map(|b| (b.label, b.bytes.as_ref().map(|x| x.len()))).collect();
        assert_eq!(read, [("ONE", None), ("TWO", Some(3))]);
        assert!(found[1].text.starts_with("-----BEGIN TWO") && found[1].text.ends_with("TWO-----"));
        assert_eq!(blocks(text, 1).len(), 1);
    }

    #[test]
    fn a_mebibyte_of_beginnings_is_read_at_once() {
        assert!(blocks(&"-----BEGIN A-----\n".repeat(60_000), 9).is_empty());
        assert!(blocks(&"-----BEGIN ".repeat(90_000), 9).is_empty());
    }
}
