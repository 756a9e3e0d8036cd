//! What a JSON web token says of itself. Its signature is not checked: the one who takes it does.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use keyturn_model::Timestamp;
use serde_json::{Map, Value};
use zeroize::Zeroizing;

use crate::{Facts, LONGEST_TEXT, facts::shown};

/// The last second that a calendar of four digits knows.
const LAST_SECOND: f64 = 253_402_300_799.0;

/// A token that was taken apart.
pub(crate) struct Token {
    header: Map<String, Value>,
    claims: Map<String, Value>,
}

/// `text` as a token, if it is one.
pub(crate) fn read(text: &str) -> Option<Token> {
    let text = text.trim();
    if text.len() > LONGEST_TEXT {
        return None;
    }
    let mut parts = text.split('.');
    let (header, claims, signature) = (parts.next()?, parts.next()?, parts.next()?);
    let signed = !signature.is_empty() && URL_SAFE_NO_PAD.decode(signature).is_ok();
    if parts.next().is_some() || !signed {
        return None;
    }
    let header = object(header)?;
    header.get("alg")?.as_str()?;
    Some(Token { header, claims: object(claims)? })
}

fn object(part: &str) -> Option<Map<String, Value>> {
    let bytes = Zeroizing::new(URL_SAFE_NO_PAD.decode(part).ok()?);
    serde_json::from_slice(&bytes).ok()
}

impl Token {
    /// A claim that is text.
    pub(crate) fn claim(&self, name: &str) -> Option<String> {
        words(&self.claims, name)
    }

    fn moment(&self, name: &str) -> Option<Timestamp> {
        let seconds = self.claims.get(name)?.as_f64()?;
        let within = seconds.is_finite() && (0.0..=LAST_SECOND).contains(&seconds);
        // In whole milliseconds it is far from where the conversion would lose anything.
        within.then_some(Timestamp((seconds * 1000.0) as i64))
    }

    pub(crate) fn facts(&self) -> Facts {
        Facts {
            expires: self.moment("exp"),
            issued_at: self.moment("iat").or_else(|| self.moment("nbf")),
            issuer: self.claim("iss"),
            subject: self.claim("sub"),
            key_id: words(&self.header, "kid"),
            algorithm: words(&self.header, "alg"),
            ..Facts::default()
        }
    }
}

fn words(object: &Map<String, Value>, name: &str) -> Option<String> {
    let text = shown(object.get(name)?.as_str()?);
    (!text.is_empty()).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::token;

    #[test]
    fn a_token_tells_when_it_expires_and_who_issued_it_to_whom() {
        let claims =
            r#"{"iss":"https://id.example.com","sub":"ci","iat":1700000000,"exp":1800000000.5}"#;
        let facts = read(&token(r#"{"alg":"RS256","kid":"7"}"#, claims)).unwrap().facts();
        assert_eq!(facts.expires, Some(Timestamp(1_800_000_000_500)));
        assert_eq!(facts.issued_at, Some(Timestamp(1_700_000_000_000)));
        assert_eq!(facts.issuer.as_deref(), Some("https://id.example.com"));
        assert_eq!(facts.subject.as_deref(), Some("ci"));
        assert_eq!(facts.key_id.as_deref(), Some("7"));
        assert_eq!(facts.algorithm.as_deref(), Some("RS256"));
    }

    #[test]
    fn moments_that_no_calendar_knows_are_left_out() {
        for exp in ["1e300", "-5", "\"soon\"", "99999999999999", "null"] {
            let token = token(r#"{"alg":"none"}"#, &format!(r#"{{"exp":{exp}}}"#));
            assert_eq!(read(&token).unwrap().facts().expires, None, "{exp}");
        }
    }

    #[test]
    fn what_only_looks_like_a_token_is_none() {
        let whole = token(r#"{"alg":"HS256"}"#, "{}");
        for text in
            ["", "a.b.c", "..", "www.example.com", &format!("{whole}.x"), &whole[..whole.len() - 4]]
        {
            assert!(read(text).is_none(), "{text}");
        }
        assert!(read(&token("[1]", "{}")).is_none());
        assert!(read(&token(r#"{"typ":"JWT"}"#, "{}")).is_none());
    }
}
