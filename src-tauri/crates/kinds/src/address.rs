//! Addresses, hosts and ports, as people type them.

use std::net::IpAddr;

use url::{Host, Url};

use crate::Why;

/// The most characters of a host's name.
const LONGEST_HOST: usize = 253;
/// The most characters between two dots of it.
const LONGEST_LABEL: usize = 63;

/// What is wrong with an address that is shown.
pub(crate) fn fault(text: &str) -> Option<Why> {
    let text = text.trim();
    if !text.contains("://") || text.contains(char::is_whitespace) {
        return Some(Why::NotAnAddress);
    }
    match Url::parse(text) {
        Ok(url) if url.host_str().is_none_or(str::is_empty) => Some(Why::NotAnAddress),
        Ok(url) if url.password().is_some() => Some(Why::SecretInTheOpen),
        Ok(_) => None,
        Err(_) => Some(Why::NotAnAddress),
    }
}

/// Whether it is the name or number of a computer.
pub(crate) fn is_host(text: &str) -> bool {
    let text = text.trim();
    let bare = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(text);
    if bare.parse::<IpAddr>().is_ok() {
        return true;
    }
    if text.len() > LONGEST_LINE_OF_HOST || text.contains(['%', ':', '[', ']']) {
        return false;
    }
    let Ok(Host::Domain(name)) = Host::parse(text) else { return false };
    let name = name.strip_suffix('.').unwrap_or(&name);
    let label = |label: &str| {
        let letters = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
        (1..=LONGEST_LABEL).contains(&label.len()) && label.chars().all(letters)
    };
    name.len() <= LONGEST_HOST && name.split('.').all(label)
}

/// A name in another script is longer as it is typed than as it is asked for.
const LONGEST_LINE_OF_HOST: usize = 4 * LONGEST_HOST;

/// Whether it is a number from 1 to 65,535.
pub(crate) fn is_port(text: &str) -> bool {
    let digits = text.trim();
    digits.chars().all(|c| c.is_ascii_digit()) && digits.parse::<u16>().is_ok_and(|port| port > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_are_names_and_numbers() {
        for host in [
            "localhost",
            "db_1",
            "db.example.com.",
            "192.0.2.1",
            "::1",
            "[2001:db8::1]",
            "bücher.example",
        ] {
            assert!(is_host(host), "{host}");
        }
        let long = "a".repeat(64);
        for host in ["", "a b", "a:1", "a/b", "-%41", "a..b", "1.2.3", "[::1", "x@y", long.as_str()]
        {
            assert!(!is_host(host), "{host}");
        }
    }

    #[test]
    fn ports_are_numbers_from_one_up() {
        for port in ["1", "5432", " 65535 "] {
            assert!(is_port(port), "{port}");
        }
        for port in ["", "0", "65536", "+1", "1.0", "0x10", "٣"] {
            assert!(!is_port(port), "{port}");
        }
    }

    #[test]
    fn an_address_needs_scheme_and_host() {
        for text in ["https://example.com", "ssh://git@host/x", "http://[::1]:8080/"] {
            assert_eq!(fault(text), None, "{text}");
        }
        for text in [
            "example.com",
            "mailto:a@b",
            "javascript:alert(1)",
            "https://",
            "file:///etc",
            "https://a b",
        ] {
            assert_eq!(fault(text), Some(Why::NotAnAddress), "{text}");
        }
    }
}
