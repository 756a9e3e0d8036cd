//! A question to the inventory, as it is typed: words to find, and filters such as `env:prod`.
//!
//! What the screen shows as chips is the same text, so there is one grammar: parts with blanks
//! between them, `,` between values of which one is enough, `-` in front of what must not be. Between
//! `"…"` blanks and commas are part of a value, and `""` is a quote.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{Kind, Risk, Status};

/// A question, read.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Query {
    /// Words, of which each has to be found.
    pub words: Vec<String>,
    /// All of which have to hold.
    pub filters: Vec<Filter>,
    /// Parts that look like filters and are none.
    pub unknown: Vec<String>,
}

/// One thing that has to hold, or must not.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Filter {
    /// Whether it must not hold.
    pub negated: bool,
    /// What.
    pub what: What,
}

/// What a filter asks for; of several values one is enough.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum What {
    /// `env:prod`
    Environment(Vec<String>),
    /// `kind:apiKey`
    Kind(Vec<Kind>),
    /// `status:overdue`, `status:attention`
    Status(Vec<Status>),
    /// `risk:high`
    Risk(Risk),
    /// `owner:payments`, `@payments`; `owner:me`
    Owner(Vec<String>),
    /// `issuer:stripe`
    Issuer(Vec<String>),
    /// `tag:pci`, `#pci`
    Tag(Vec<String>),
    /// `policy:none`, `policy:usual`, `policy:own`
    Policy(PolicyIs),
    /// `uses:some`; `uses:none` where no consumer is known.
    Used(bool),
    /// `due:<7d`: within so many days, or past.
    DueWithin(u32),
    /// `rotated:>90d`: longer ago than so many days.
    RotatedBefore(u32),
    /// `is:archived`
    Archived,
    /// `is:paused`
    Paused,
    /// `is:unreadable`: something of it cannot be read.
    Unread,
}

/// Which sort of policy a credential follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PolicyIs {
    /// None.
    None,
    /// The usual one.
    Usual,
    /// One of the vault's own.
    Own,
}

/// What a list is sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum SortBy {
    /// The name; with words to find, what fits best comes first.
    #[default]
    Name,
    /// What it is.
    Kind,
    /// Where it is used.
    Environment,
    /// What its loss would mean.
    Risk,
    /// The most urgent first.
    Status,
    /// When it is due.
    Due,
    /// When its value was last replaced.
    Rotated,
    /// Who answers for it.
    Owner,
    /// When it was last changed.
    Changed,
}

/// What the rows of a list are gathered by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum GroupBy {
    /// What they are.
    Kind,
    /// Where they are used.
    Environment,
    /// Who answers for them.
    Owner,
    /// What their loss would mean.
    Risk,
    /// What needs doing.
    Status,
}

/// A column of the table that may be hidden; the name always stands there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum Column {
    /// What it is.
    Kind,
    /// Where it is used.
    Environment,
    /// What its loss would mean.
    Risk,
    /// What needs doing.
    Status,
    /// When it is due.
    Due,
    /// How long ago its value was replaced.
    Rotated,
    /// How many use it.
    Uses,
    /// Who answers for it.
    Owner,
    /// Its tags.
    Tags,
}

/// The order of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Ordering {
    /// What it is sorted by.
    pub by: SortBy,
    /// The last first.
    pub descending: bool,
    /// What the rows are gathered by.
    pub group: Option<GroupBy>,
}

impl Query {
    /// The most bytes of a question.
    pub const LONGEST: usize = 1000;

    /// Reads a question. There is no wrong one: what is no filter is a word, or named as unknown.
    #[must_use]
    pub fn read(text: &str) -> Self {
        let mut query = Self::default();
        let mut end = text.len().min(Self::LONGEST);
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        for part in parts(text.get(..end).unwrap_or_default()) {
            let (negated, bare) = match part.bare.strip_prefix('-') {
                Some(rest) if !rest.is_empty() => (true, rest),
                _ => (false, part.bare.as_str()),
            };
            let sign = bare.strip_prefix('#').map(|rest| ("tag", rest));
            let sign = sign.or_else(|| bare.strip_prefix('@').map(|rest| ("owner", rest)));
            let read = match sign {
                Some((key, rest)) if !rest.is_empty() => Some((key, rest)),
                _ => bare.split_once(':').filter(|(key, _)| is_key(key)),
            };
            match read.map(|(key, value)| filter(key, part.values(value.len()))) {
                Some(Some(what)) => query.filters.push(Filter { negated, what }),
                Some(None) => query.unknown.push(part.bare),
                None => query.words.extend(words(&part.bare)),
            }
        }
        query
    }
}

const KEYS: [&str; 11] =
    ["env", "kind", "status", "risk", "owner", "issuer", "tag", "policy", "uses", "due", "rotated"];

fn is_key(key: &str) -> bool {
    key == "is" || KEYS.contains(&key)
}

/// What stands between blanks that are not in quotes.
#[derive(Default)]
struct Part {
    /// Without its quotes.
    bare: String,
    /// Where values end in it: commas that are not in quotes.
    commas: Vec<usize>,
}

impl Part {
    /// The values in its last bytes.
    fn values(&self, bytes: usize) -> Vec<String> {
        let first = self.bare.len() - bytes;
        let ends = self.commas.iter().copied().filter(|at| *at >= first);
        let (mut values, mut from) = (Vec::new(), first);
        for end in ends.chain([self.bare.len()]) {
            let value = self.bare.get(from..end).unwrap_or_default().trim();
            values.extend(Some(value.to_owned()).filter(|value| !value.is_empty()));
            from = end + 1;
        }
        values
    }
}

/// The parts of a question.
fn parts(text: &str) -> Vec<Part> {
    let (mut parts, mut part, mut quoted) = (Vec::new(), Part::default(), false);
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            '"' if quoted && rest.next_if_eq(&'"').is_some() => part.bare.push('"'),
            '"' => quoted = !quoted,
            c if c.is_whitespace() && !quoted => parts.push(std::mem::take(&mut part)),
            c => {
                if c == ',' && !quoted {
                    part.commas.push(part.bare.len());
                }
                part.bare.push(c);
            }
        }
    }
    parts.push(part);
    parts.retain(|part| !part.bare.is_empty());
    parts
}

/// What an index knows as words: letters and digits.
fn words(part: &str) -> impl Iterator<Item = String> + '_ {
    part.split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
}

fn filter(key: &str, values: Vec<String>) -> Option<What> {
    let first = values.first()?.as_str();
    let one = || Some(first).filter(|_| values.len() == 1);
    let days = |sign| {
        one()?.strip_prefix(sign)?.strip_suffix('d')?.parse::<u32>().ok().filter(|d| *d <= 36_500)
    };
    match key {
        "env" => Some(What::Environment(values)),
        "kind" => {
            values.iter().map(|name| Kind::named(name)).collect::<Option<_>>().map(What::Kind)
        }
        "status" => values
            .iter()
            .map(|word| statuses(word))
            .collect::<Option<Vec<_>>>()
            .map(|all| What::Status(all.concat())),
        "risk" => match one()? {
            "high" => Some(What::Risk(Risk::High)),
            "standard" => Some(What::Risk(Risk::Standard)),
            _ => None,
        },
        "owner" => Some(What::Owner(values)),
        "issuer" => Some(What::Issuer(values)),
        "tag" => Some(What::Tag(values)),
        "policy" => match one()? {
            "none" => Some(What::Policy(PolicyIs::None)),
            "usual" => Some(What::Policy(PolicyIs::Usual)),
            "own" => Some(What::Policy(PolicyIs::Own)),
            _ => None,
        },
        "uses" => match one()? {
            "none" => Some(What::Used(false)),
            "some" => Some(What::Used(true)),
            _ => None,
        },
        "due" => days('<').map(What::DueWithin),
        "rotated" => days('>').map(What::RotatedBefore),
        "is" => match one()? {
            "archived" => Some(What::Archived),
            "paused" => Some(What::Paused),
            "unreadable" => Some(What::Unread),
            _ => None,
        },
        _ => None,
    }
}

/// The statuses that a word stands for.
fn statuses(word: &str) -> Option<Vec<Status>> {
    Some(match word {
        "compromised" => vec![Status::Compromised],
        "expired" => vec![Status::Expired],
        "failed" => vec![Status::Failed],
        "overdue" => vec![Status::Overdue],
        "now" => vec![Status::DueNow],
        "rotating" => vec![Status::Rotating],
        "grace" => vec![Status::InGrace],
        "soon" => vec![Status::DueSoon],
        "paused" => vec![Status::Paused],
        "nopolicy" => vec![Status::NoPolicy],
        "healthy" => vec![Status::Healthy],
        "attention" => Status::ATTENTION.to_vec(),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_filters_are_told_apart() {
        let query = Query::read(r#"Pay-gate env:prod,staging #pci -owner:"data team" due:<7d"#);
        assert_eq!(query.words, ["pay", "gate"]);
        let filters = [
            (false, What::Environment(vec!["prod".into(), "staging".into()])),
            (false, What::Tag(vec!["pci".into()])),
            (true, What::Owner(vec!["data team".into()])),
            (false, What::DueWithin(7)),
        ];
        assert_eq!(query.filters, filters.map(|(negated, what)| Filter { negated, what }));
        assert!(query.unknown.is_empty());
    }

    #[test]
    fn between_quotes_blanks_commas_and_doubled_quotes_belong_to_the_value() {
        for (text, values) in [
            (r#"owner:"Doe, Jane",ops"#, vec!["Doe, Jane", "ops"]),
            (r#"owner:"team ""blue""""#, vec![r#"team "blue""#]),
            (r#"@"a,b""#, vec!["a,b"]),
            (r#"owner:"a"",""b",c"#, vec![r#"a","b"#, "c"]),
            (r#"owner:a,,"b"#, vec!["a", "b"]),
            (r#"owner:"""a""#, vec![r#""a"#]),
        ] {
            let values = values.into_iter().map(str::to_owned).collect();
            let filter = Filter { negated: false, what: What::Owner(values) };
            assert_eq!(Query::read(text).filters, [filter], "{text}");
        }
    }

    #[test]
    fn what_looks_like_a_filter_and_is_none_is_named() {
        for text in [
            "status:green",
            "kind:thing",
            "due:7",
            "risk:high,standard",
            "is:gone",
            "tag:",
            "rotated:>x",
            "uses:3",
        ] {
            let query = Query::read(text);
            assert_eq!(query.unknown, [text.trim_end_matches('"')], "{text}");
            assert!(query.filters.is_empty() && query.words.is_empty(), "{text}");
        }
        // An address is something to look for.
        assert_eq!(Query::read("https://a.example").words, ["https", "a", "example"]);
    }

    #[test]
    fn a_word_for_several_statuses_stands_for_all_of_them() {
        let query = Query::read("status:attention,soon");
        let What::Status(all) = &query.filters[0].what else { panic!() };
        assert_eq!(all.len(), 6);
    }

    #[test]
    fn any_text_is_a_question() {
        for text in
            ["", "   ", "\"", "-", "#", "@", ":", "-:", "ü:ß", &"x".repeat(5000), &"ß".repeat(999)]
        {
            let query = Query::read(text);
            assert!(query.words.concat().len() <= Query::LONGEST);
        }
    }
}
