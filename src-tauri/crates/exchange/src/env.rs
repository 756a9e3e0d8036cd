//! Variables of a program, as `.env` files hold them. Nothing is put in for `${…}`: it would come from
//! somewhere else.

use crate::{
    ReadError, decode,
    error::Place,
    intake::Intake,
    record::{Loss, Record, VALUE, Why},
};

pub(crate) fn looks_like_one(text: &str) -> bool {
    let mut lines =
        text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines.next().is_some_and(|line| key(&mut Rest::new(line)).is_some())
}

pub(crate) fn read(bytes: &[u8], intake: &mut Intake<'_>) -> Result<(), ReadError> {
    let (text, _) = decode::text(bytes)?;
    intake.origin(".env");
    let mut rest = Rest::new(&text);
    loop {
        rest.skip(|c| c.is_whitespace());
        if rest.text.is_empty() {
            return Ok(());
        }
        if rest.text.starts_with('#') {
            rest.skip(|c| c != '\n');
            continue;
        }
        let damaged = ReadError::Damaged { at: Place::Line(rest.line) };
        let name = key(&mut rest).ok_or_else(|| damaged.clone())?.to_owned();
        rest.skip(|c| c == ' ' || c == '\t');
        let (value, literal) = value(&mut rest).ok_or(damaged)?;
        let mut record = Record::default();
        if !literal && value.contains("${") {
            record.lost.push(Loss::new(name.clone(), Why::Elsewhere));
        }
        record.content.name = name;
        record.content.secret(VALUE, value);
        intake.add(record)?;
    }
}

struct Rest<'a> {
    text: &'a str,
    line: u64,
}

impl<'a> Rest<'a> {
    const fn new(text: &'a str) -> Self {
        Self { text, line: 1 }
    }

    /// Takes off what `wanted` says, and counts lines.
    fn skip(&mut self, wanted: impl Fn(char) -> bool) -> &'a str {
        let end = self.text.find(|c| !wanted(c)).unwrap_or(self.text.len());
        self.take(end)
    }

    fn take(&mut self, bytes: usize) -> &'a str {
        let (taken, rest) = self.text.split_at(bytes);
        self.line += taken.matches('\n').count() as u64;
        self.text = rest;
        taken
    }
}

/// The name, with what stands around it up to the equals sign.
fn key<'a>(rest: &mut Rest<'a>) -> Option<&'a str> {
    let word = |rest: &mut Rest<'a>| {
        rest.skip(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-'))
    };
    let blank = |c| c == ' ' || c == '\t';
    let mut name = word(rest);
    let gap = rest.skip(blank);
    if name == "export" && !gap.is_empty() && !rest.text.starts_with('=') {
        name = word(rest);
        rest.skip(blank);
    }
    let good = !name.is_empty() && !name.starts_with(|c: char| c.is_ascii_digit());
    (good && rest.text.starts_with('=')).then(|| {
        rest.take(1);
        name
    })
}

/// The value, and whether it stands in quotes that mean every letter.
fn value(rest: &mut Rest<'_>) -> Option<(String, bool)> {
    let value = match rest.text.chars().next() {
        Some(quote @ ('\'' | '`')) => {
            rest.take(1);
            let value = rest.skip(|c| c != quote).to_owned();
            (!rest.text.is_empty()).then(|| rest.take(1))?;
            (value, true)
        }
        Some('"') => {
            rest.take(1);
            (quoted(rest)?, false)
        }
        _ => {
            let line = rest.skip(|c| c != '\n');
            let end = line.find(" #").or_else(|| line.find("\t#")).unwrap_or(line.len());
            let value = if line.starts_with('#') { "" } else { line[..end].trim() };
            return Some((value.to_owned(), false));
        }
    };
    // Only a remark may follow on the line.
    let after = rest.skip(|c| c != '\n').trim();
    (after.is_empty() || after.starts_with('#')).then_some(value)
}

fn quoted(rest: &mut Rest<'_>) -> Option<String> {
    let mut value = String::new();
    let mut escaped = false;
    for (at, c) in rest.text.char_indices() {
        match c {
            _ if escaped => {
                escaped = false;
                match c {
                    'n' => value.push('\n'),
                    'r' => value.push('\r'),
                    't' => value.push('\t'),
                    '"' | '\\' | '$' | '`' => value.push(c),
                    '\n' => {}
                    _ => value.extend(['\\', c]),
                }
            }
            '\\' => escaped = true,
            '"' => {
                rest.take(at + 1);
                return Some(value);
            }
            _ => value.push(c),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Format, Given, read};

    fn variables(text: &str) -> Result<Vec<(String, String)>, ReadError> {
        let batch = read(text.as_bytes(), Format::Env, &Given::default(), &|_| true)?;
        let pair = |r: Record| {
            let value = r.content.field(VALUE).map(|t| t.expose().to_owned()).unwrap_or_default();
            (r.content.name, value)
        };
        Ok(batch.records.into_iter().map(pair).collect())
    }

    #[test]
    fn quotes_remarks_and_several_lines_are_understood() {
        let text = "# remark\nexport A=fixture # remark\nB = 'fix#ture $X'\r\nC=\"two\\nlines \\\"q\\\"\"\n\
                    D=\"-----BEGIN\nfixture\n-----END\" # end\nE=\nF=a=b#c\nexport=x\nG=`fix'ture`";
        let expected = [
            ("A", "fixture"),
            ("B", "fix#ture $X"),
            ("C", "two\nlines \"q\""),
            ("D", "-----BEGIN\nfixture\n-----END"),
            ("E", ""),
            ("F", "a=b#c"),
            ("export", "x"),
            ("G", "fix'ture"),
        ];
        let found = variables(text).unwrap();
        let found: Vec<_> = found.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn a_line_that_is_no_variable_is_named_by_its_number() {
        for (text, line) in
            [("A=1\n\nwhat is this", 3), ("A=\"1\n2\"\nB='open", 3), ("1A=2", 1), ("A='x' y", 1)]
        {
            assert_eq!(
                variables(text),
                Err(ReadError::Damaged { at: Place::Line(line) }),
                "{text}"
            );
        }
        assert_eq!(variables("# nothing\n"), Err(ReadError::Empty));
    }

    #[test]
    fn a_value_that_refers_to_another_is_kept_as_it_is_and_said() {
        let batch = read(b"A=${B}x", Format::Env, &Given::default(), &|_| true).unwrap();
        assert_eq!(batch.records[0].lost, [Loss::new("A", Why::Elsewhere)]);
        assert_eq!(variables("A=${B}x").unwrap()[0].1, "${B}x");
    }
}
