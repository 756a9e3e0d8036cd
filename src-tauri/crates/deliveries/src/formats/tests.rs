use keyturn_model::setup::FileFormat::{Env, Ini, Json, Toml, Whole, Yaml};

use super::*;

/// A file, a key, what stands there, what is put there, and the file after that.
type Golden =
    (FileFormat, &'static str, &'static str, Option<&'static str>, &'static str, &'static str);

const GOLDEN: &[Golden] = &[
    // .env
    (
        Env,
        "# all\nA=1\n\nPW=old-fixture # why\nB='x' \n",
        "PW",
        Some("old-fixture"),
        "new-fixture",
        "# all\nA=1\n\nPW=new-fixture # why\nB='x' \n",
    ),
    (
        Env,
        "A=1\r\nexport  PW = \"old\"  # c\r\nB=2",
        "PW",
        Some("old"),
        "new",
        "A=1\r\nexport  PW = \"new\"  # c\r\nB=2",
    ),
    (Env, "PW='o l#d'", "PW", Some("o l#d"), "n'ew", "PW=\"n'ew\""),
    (Env, "PW=\"a\\\"b\\$c\\\\d\\n\"\n", "PW", Some("a\"b$c\\d\n"), "x", "PW=\"x\"\n"),
    (Env, "PW=\"x\"\n", "PW", Some("x"), "a$b", "PW='a$b'\n"),
    (Env, "PW=x\n", "PW", Some("x"), "a b", "PW='a b'\n"),
    (Env, "PW=x\n", "PW", Some("x"), "a'b\\", "PW=\"a'b\\\\\"\n"),
    (
        Env,
        "U=postgres://u:x@h/d?a=1&b=2\n",
        "U",
        Some("postgres://u:x@h/d?a=1&b=2"),
        "postgres://u:y@h/d?a=1&b=2",
        "U=postgres://u:y@h/d?a=1&b=2\n",
    ),
    (
        Env,
        "K=\"-----A\nPW=no\n-----\" \nPW=old\n",
        "PW",
        Some("old"),
        "new",
        "K=\"-----A\nPW=no\n-----\" \nPW=new\n",
    ),
    (Env, "K=\"a\nb\"\n", "K", Some("a\nb"), "c\nd", "K=\"c\nd\"\n"),
    (Env, "K=\"a\"\n", "K", Some("a"), "c\nd", "K=\"c\\nd\"\n"),
    (Env, "PW=\n", "PW", Some(""), "new", "PW=new\n"),
    (Env, "PW= # set me\n", "PW", Some(""), "new", "PW=new # set me\n"),
    (Env, "\u{feff}PÄ=ü\nPW=x", "PW", Some("x"), "ü", "\u{feff}PÄ=ü\nPW='ü'"),
    (Env, "PWX=1\n#PW=2\n", "PW", None, "new", "PWX=1\n#PW=2\nPW=new\n"),
    (Env, "A=1", "PW", None, "new", "A=1\nPW=new"),
    (Env, "", "PW", None, "a b", "PW='a b'\n"),
    // INI
    (
        Ini,
        "; c\n[a]\npw=no\n[db]\nuser = x\npw = old ; why\n",
        "db.pw",
        Some("old"),
        "new",
        "; c\n[a]\npw=no\n[db]\nuser = x\npw = new ; why\n",
    ),
    (
        Ini,
        "pw: \"old\" # c\r\n[a]\r\npw=x",
        "pw",
        Some("old"),
        "n;w",
        "pw: \"n;w\" # c\r\n[a]\r\npw=x",
    ),
    (
        Ini,
        "[a.b]\n\tx = 1\n\tpw = ol'd\n",
        "a.b.pw",
        Some("ol'd"),
        "new",
        "[a.b]\n\tx = 1\n\tpw = new\n",
    ),
    (Ini, "[a]\nx=1\n\n[b]\ny=2\n", "a.pw", None, "new", "[a]\nx=1\npw=new\n\n[b]\ny=2\n"),
    (Ini, "[a]\nx = 1", "b.pw", None, "new", "[a]\nx = 1\n[b]\npw = new"),
    (Ini, "[a]\nx = 1\n", "pw", None, "new", "pw = new\n[a]\nx = 1\n"),
    // JSON
    (
        Json,
        "{\n\t\"a\" : { \"pw\":\"o\\u006cd\" , \"b\":[1, {\"pw\":2}] },\r\n \"é\":1.0 }",
        "a.pw",
        Some("old"),
        "n\"ew\n",
        "{\n\t\"a\" : { \"pw\":\"n\\\"ew\\n\" , \"b\":[1, {\"pw\":2}] },\r\n \"é\":1.0 }",
    ),
    (Json, "\u{feff}{\"port\": 5432}", "port", Some("5432"), "5433", "\u{feff}{\"port\": 5433}"),
    (Json, "{\"port\": 5432}", "port", Some("5432"), "x", "{\"port\": \"x\"}"),
    (Json, "{\"pw\": \"1\"}", "pw", Some("1"), "2", "{\"pw\": \"2\"}"),
    (Json, "{\"pw\":null}", "pw", Some(""), "new", "{\"pw\":\"new\"}"),
    (Json, "{}\n", "pw", None, "new", "{\n  \"pw\": \"new\"\n}\n"),
    (Json, "{}\n", "a.b.pw", None, "new", "{\n  \"a\": {\"b\": {\"pw\": \"new\"}}\n}\n"),
    (
        Json,
        "{\n  \"a\": {\n    \"x\": [1]\n  }\n}\n",
        "a.pw",
        None,
        "new",
        "{\n  \"a\": {\n    \"x\": [1],\n    \"pw\": \"new\"\n  }\n}\n",
    ),
    (Json, "{\"a\":1}", "pw", None, "new", "{\"a\":1, \"pw\": \"new\"}"),
    // TOML
    (
        Toml,
        "# c\n[db] # d\npw = 'old' # e\nx = [ 1,\n 2 ]\n",
        "db.pw",
        Some("old"),
        "new",
        "# c\n[db] # d\npw = 'new' # e\nx = [ 1,\n 2 ]\n",
    ),
    (
        Toml,
        "db = { pw = \"old\", x = 1 }\r\nb.pw = \"\"\"x\"\"\"\r\n",
        "db.pw",
        Some("old"),
        "n'e\"w",
        "db = { pw = \"n'e\\\"w\", x = 1 }\r\nb.pw = \"\"\"x\"\"\"\r\n",
    ),
    (Toml, "b.pw = \"\"\"\na\nb\"\"\"", "b.pw", Some("a\nb"), "c\nd", "b.pw = \"\"\"\nc\nd\"\"\""),
    (
        Toml,
        "\u{feff}\"ü\" = 'ü'\npw = 'x'\n",
        "pw",
        Some("x"),
        "new",
        "\u{feff}\"ü\" = 'ü'\npw = 'new'\n",
    ),
    (Toml, "port = 5432\n", "port", Some("5432"), "5433", "port = 5433\n"),
    (Toml, "pw = '5432'\n", "pw", Some("5432"), "it's", "pw = \"it's\"\n"),
    (Toml, "x = 1\n[db]\ny = 2\n", "db.pw", None, "new", "x = 1\n[db]\npw = \"new\"\ny = 2\n"),
    (Toml, "# c\nx = 1", "pw", None, "new", "pw = \"new\"\n# c\nx = 1"),
    (Toml, "x = 1\n", "a.b.pw", None, "new", "x = 1\n\n[a.b]\npw = \"new\"\n"),
    (Toml, "", "a.pw", None, "new", "[a]\npw = \"new\"\n"),
    (Toml, "[db]", "db.pw", None, "new", "[db]\npw = \"new\""),
    // YAML
    (
        Yaml,
        "# c\na:\n  - x\n  - pw: no\ndb:\n  user: u # who\n\n  # the one\n  pw: old # why\n  t: |\n    pw: no\nz: {a: 1}\n",
        "db.pw",
        Some("old"),
        "new",
        "# c\na:\n  - x\n  - pw: no\ndb:\n  user: u # who\n\n  # the one\n  pw: new # why\n  t: |\n    pw: no\nz: {a: 1}\n",
    ),
    (
        Yaml,
        "---\r\npw: \"o\\x6cd\"  # c\r\nlist:\r\n- a\r\n- b: 1\r\n",
        "pw",
        Some("old"),
        "n\"w",
        "---\r\npw: \"n\\\"w\"  # c\r\nlist:\r\n- a\r\n- b: 1\r\n",
    ),
    (Yaml, "'pw': 'it''s'", "pw", Some("it's"), "that's", "'pw': 'that''s'"),
    (Yaml, "pw: old\n", "pw", Some("old"), "yes", "pw: \"yes\"\n"),
    (Yaml, "pw: old\n", "pw", Some("old"), "12e3", "pw: \"12e3\"\n"),
    (Yaml, "pw: old\n", "pw", Some("old"), "a: b #c", "pw: \"a: b #c\"\n"),
    (Yaml, "port: 5432\n", "port", Some("5432"), "5433", "port: 5433\n"),
    (Yaml, "port: \"5432\"\n", "port", Some("5432"), "5433", "port: \"5433\"\n"),
    (Yaml, "pw:   # set me\n", "pw", Some(""), "new", "pw: new   # set me\n"),
    (Yaml, "pw: ~\n", "pw", Some(""), "new", "pw: new\n"),
    (
        Yaml,
        "u: postgres://u:x@h:5/d?a=1\n",
        "u",
        Some("postgres://u:x@h:5/d?a=1"),
        "postgres://u:y@h:5/d",
        "u: postgres://u:y@h:5/d\n",
    ),
    (
        Yaml,
        "a:\n    x: 1\n# end\nb: ü",
        "a.pw",
        None,
        "new",
        "a:\n    x: 1\n    pw: new\n# end\nb: ü",
    ),
    (Yaml, "a: 1", "pw", None, "b c", "a: 1\npw: \"b c\""),
    (Yaml, "", "pw", None, "new", "pw: new\n"),
    (
        Yaml,
        "a: |\n  x\n  # y\n\nb: |+\n  z\n\n",
        "pw",
        None,
        "new",
        "pw: new\na: |\n  x\n  # y\n\nb: |+\n  z\n\n",
    ),
    (Yaml, "# c\r\na:\r\n- 1", "pw", None, "new", "# c\r\npw: new\r\na:\r\n- 1"),
    (
        Yaml,
        "conf: |\n  a\n  \tb\n\t\n  #c\npw: old\n",
        "pw",
        Some("old"),
        "new",
        "conf: |\n  a\n  \tb\n\t\n  #c\npw: new\n",
    ),
    // Whole
    (Whole, "old\n", "", Some("old"), "new", "new\n"),
    (Whole, "old", "", Some("old"), "ne\nw", "ne\nw"),
];

#[test]
fn a_text_is_put_into_its_place_and_nothing_else_changes() {
    for (format, before, key, stands, put_there, after) in GOLDEN {
        let found = find(*format, before, key).unwrap_or_else(|_| panic!("{before}"));
        assert_eq!(found.map(|spot| spot.says.to_string()).as_deref(), *stands, "{before}");
        let done = put(*format, before, key, put_there).unwrap_or_else(|_| panic!("{before}"));
        assert_eq!(done.as_str(), *after, "{before}");
    }
}

/// What a reader that has nothing to do with this one makes of a file, without what stands at the key.
fn read(format: FileFormat, text: &str, key: &str) -> Option<(serde_json::Value, Option<String>)> {
    let text = text.trim_start_matches('\u{feff}');
    let mut read: serde_json::Value = match format {
        Json => serde_json::from_str(text).ok()?,
        _ => serde_saphyr::from_str(text).ok()?,
    };
    if read.is_null() {
        read = serde_json::json!({});
    }
    let (path, name) = key.rsplit_once('.').unwrap_or(("", key));
    let mut path = path.split('.').filter(|name| !name.is_empty());
    let parent = path.try_fold(&mut read, |at, name| at.as_object_mut()?.get_mut(name));
    let found = parent.and_then(|parent| parent.as_object_mut()?.remove(name));
    let said = found.map(|found| found.as_str().map_or_else(|| found.to_string(), str::to_owned));
    Some((read, said))
}

#[test]
fn another_reader_finds_the_text_at_its_key_and_everything_else_as_it_was() {
    let mut tried = 0;
    for (format, before, key, stands, said, after) in GOLDEN {
        let is_nested = stands.is_none() && key.contains('.');
        if matches!(format, Json | Yaml) && !is_nested {
            let before = if before.is_empty() { "{}" } else { *before };
            let (before, _) = read(*format, before, key).unwrap();
            let (after, found) = read(*format, after, key).unwrap();
            assert_eq!((found.as_deref(), after), (Some(*said), before));
            tried += 1;
        }
    }
    assert!(tried > 15, "{tried}");
}

const DAMAGE: &[&str] = &[
    "\n", "\r\n", " ", "  ", "\t", "#", " #", ": ", ":", "=", "\"", "'", "\\", "- ", "|", "|\n",
    ">", "{", "}", "[", "]", ",", "&a ", "*a", "!", "?", "---\n", "...\n", "%", "<<: ", "pw",
    "pw: x\n", "pw=x\n", "a", "[a]\n", "'''", "\"\"\"", "`", ";", "export ", "\u{feff}", "é",
];

/// Small changes of a file, the same in every run.
fn damaged(text: &str, seed: u64) -> String {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut below = |most: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state >> 33).unwrap() % most.max(1)
    };
    let mut chars: Vec<char> = text.chars().collect();
    for _ in 0..=below(3) {
        let at = below(chars.len() + 1);
        let end = (at + below(4)).min(chars.len());
        match below(4) {
            0 => drop(chars.drain(at..end)),
            1 => {
                let again = chars[at..end].to_vec();
                drop(chars.splice(at..at, again));
            }
            _ => drop(chars.splice(at..at, DAMAGE[below(DAMAGE.len())].chars())),
        }
    }
    chars.into_iter().collect()
}

#[test]
fn in_a_damaged_file_nothing_but_the_place_changes_or_it_is_refused() {
    let mut changed = 0;
    for (index, (format, text, key, ..)) in GOLDEN.iter().enumerate() {
        for seed in 0..300 {
            let before = damaged(text, seed * 1000 + u64::try_from(index).unwrap());
            let (Ok(spot), Ok(after)) =
                (find(*format, &before, key), put(*format, &before, key, "new-fixture"))
            else {
                continue;
            };
            changed += 1;
            let found = find(*format, &after, key).unwrap().unwrap();
            assert_eq!(found.says.as_str(), "new-fixture");
            if let Some(spot) = &spot {
                assert_eq!(before[..spot.at.start], after[..spot.at.start], "{before:?}");
                assert!(after.ends_with(&before[spot.at.end..]), "{before:?}");
            } else {
                assert!(after.len() > before.len());
            }
            let is_nested = spot.is_none() && key.contains('.');
            if matches!(format, Json | Yaml) && !is_nested && !before.trim().is_empty() {
                let (rest, _) = read(*format, &before, key).unwrap();
                let (rest_after, said) = read(*format, &after, key).unwrap();
                assert_eq!(said.as_deref(), Some("new-fixture"), "{before:?}");
                assert_eq!(rest, rest_after, "{before:?} became {:?}", after.as_str());
            }
        }
    }
    assert!(changed > 5000, "{changed}");
}

#[test]
fn what_was_there_put_back_gives_the_same_file_again() {
    let mut tried = 0;
    for (format, before, key, stands, _, _) in GOLDEN {
        // Numbers become texts, and what was written with an escape is not written so again.
        let is_word = |old: &&str| !old.is_empty() && old.chars().all(char::is_alphabetic);
        let Some(old) = stands.filter(is_word).filter(|old| before.contains(old)) else { continue };
        let new = put(*format, before, key, "fixture9x").unwrap();
        assert_ne!(new.as_str(), *before);
        assert_eq!(put(*format, &new, key, old).unwrap().as_str(), *before);
        tried += 1;
    }
    assert!(tried > 15, "{tried}");
}

#[test]
fn whatever_a_value_holds_is_read_back_and_leaves_its_neighbours_alone() {
    let files = [
        (Env, "# c\nA=1\nPW=x # c\nB=\"2\"\n", "PW", ["A", "B"]),
        (Env, "A=1\nPW='x' # c\nB=\"2\"\n", "PW", ["A", "B"]),
        (Env, "A=1\nPW=\"x\"\nB=\"2\"", "PW", ["A", "B"]),
        (Env, "A=1\nPW=`x`\nB=\"2\"", "PW", ["A", "B"]),
        (Ini, "[s]\na=1\npw=x ; c\nb=2\n", "s.pw", ["s.a", "s.b"]),
        (Ini, "[s]\na=1\npw=\"x\" ; c\nb=2\n", "s.pw", ["s.a", "s.b"]),
        (Json, "{\"a\":\"1\",\"pw\":\"x\" ,\"b\":2}", "pw", ["a", "b"]),
        (Toml, "a=1\npw='x' # c\nb=2", "pw", ["a", "b"]),
        (Toml, "a=1\npw=\"x\" # c\nb=2", "pw", ["a", "b"]),
        (Toml, "a=1\npw='''x''' # c\nb=2", "pw", ["a", "b"]),
        (Toml, "a=1\npw=\"\"\"x\"\"\" # c\nb=2", "pw", ["a", "b"]),
        (Yaml, "a: 1\npw: x # c\nb: 2\n", "pw", ["a", "b"]),
        (Yaml, "a: 1\npw: 'x' # c\nb: 2\n", "pw", ["a", "b"]),
        (Yaml, "a: 1\npw: \"x\" # c\nb: 2\n", "pw", ["a", "b"]),
    ];
    let mut values: Vec<String> = (0x20_u8..0x7f).map(|c| format!("{}", char::from(c))).collect();
    values.extend((0x20_u8..0x7f).map(|c| format!("a{}b", char::from(c))));
    values.extend((0x20_u8..0x7f).map(|c| format!("a {0}{0}", char::from(c))));
    for more in [
        "",
        "a\nb\n",
        "a\r\nb",
        "\n",
        "\t",
        "a\u{0}b",
        "\u{1b}",
        "\u{7f}",
        "ü€😀",
        "\u{2028}",
        "null",
        "~",
        "true",
        "1e5",
        "0x1f",
        "2001-01-01",
        "12:30:45",
        "- a",
        "? a",
        "---",
        "key: v",
        "a #b",
        "a ;b",
        "'''",
        "\"\"\"",
        "\\",
        "\\\\n",
        "\\u0041",
        "$HOME",
        "${X}",
        "`id`",
        "%d",
        "<<",
        "[a]",
        "{a: 1}",
        "!x",
        "&x",
        "*x",
        "007",
        "-5",
        "+1",
        "1_000",
        ".5",
        "5.",
        "=",
        "a=b",
        "\u{feff}x",
        "'\"\\`$#; \t",
    ] {
        values.push(more.to_owned());
    }
    let mut refused = Vec::new();
    for (format, before, key, others) in files {
        let spot = find(format, before, key).unwrap().unwrap();
        let ends = (&before[..spot.at.start], &before[spot.at.end..]);
        for value in &values {
            let Ok(after) = put(format, before, key, value) else {
                refused.push((format, value));
                continue;
            };
            let read = find(format, &after, key).unwrap().unwrap();
            assert_eq!(read.says.as_str(), value, "{}", after.as_str());
            assert_eq!(
                (&after[..read.at.start], &after[read.at.end..]),
                ends,
                "{}",
                after.as_str()
            );
            for other in others {
                let was = find(format, before, other).unwrap().unwrap();
                let is = find(format, &after, other).unwrap().unwrap();
                assert_eq!(was.says, is.says, "{}", after.as_str());
            }
        }
    }
    let plain = |value: &str| value.chars().all(|c| c.is_ascii_alphanumeric());
    assert!(refused.iter().all(|(_, value)| !plain(value)));
    let structured = |format: &FileFormat| matches!(format, Json | Toml | Yaml);
    let by_readers: Vec<_> = refused.iter().filter(|(format, _)| structured(format)).collect();
    assert!(by_readers.is_empty(), "{by_readers:?}");
}

#[test]
fn what_cannot_be_changed_safely_is_refused() {
    for (format, text, key) in [
        (Env, "PW=a\nPW=b\n", "PW"),
        (Env, "PW=\"a\n", "PW"),
        (Env, "PW=\"a\"b\n", "PW"),
        (Env, "PW=#a\n", "PW"),
        (Env, "A=\"x\nPW=\"y\"\n", "PW"),
        (Ini, "[a]\npw=1\n[b]\n[a]\npw=2\n", "a.pw"),
        (Ini, "pw=1\n  more\n", "pw"),
        (Ini, "x=1\n  pw=2\n", "pw"),
        (Ini, "pw=1\\\n", "pw"),
        (Ini, "pw=\"a\"b\n", "pw"),
        (Ini, "pw=\"a\\\"\n", "pw"),
        (Ini, "pw=;a\n", "pw"),
        (Ini, "a.b=1\n[a]\nb=2\n", "a.b"),
        (Json, "", "pw"),
        (Json, "{\"pw\":1} x", "pw"),
        (Json, "{\"pw\":1, // c\n}", "pw"),
        (Json, "{\"pw\":1,\"p\\u0077\":2}", "pw"),
        (Json, "{\"pw\":{}}", "pw"),
        (Json, "{\"pw\":[]}", "pw"),
        (Json, "[1]", "pw"),
        (Json, "{\"a\":1}", "a.pw"),
        (Toml, "pw = 1\npw = 2\n", "pw"),
        (Toml, "pw = [1]\n", "pw"),
        (Toml, "pw = {a = 1}\n", "pw"),
        (Toml, "pw = \n", "pw"),
        (Toml, "[[a]]\npw = 1\n", "a.pw"),
        (Toml, "a = 1\n", "a.pw"),
        (Yaml, "pw: a\npw: b\n", "pw"),
        (Yaml, "pw: |\n  a\n", "pw"),
        (Yaml, "pw: a\n  b\n", "pw"),
        (Yaml, "pw: \"a\n  b\"\n", "pw"),
        (Yaml, "pw: &x a\nb: *x\n", "pw"),
        (Yaml, "a: 1\npw: *x\n", "pw"),
        (Yaml, "pw: !t a\n", "pw"),
        (Yaml, "pw: [a]\n", "pw"),
        (Yaml, "pw: {a: 1}\n", "pw"),
        (Yaml, "pw:\n  a: 1\n", "pw"),
        (Yaml, "pw:\n- a\n", "pw"),
        (Yaml, "a: {pw: 1}\n", "a.pw"),
        (Yaml, "a: &x\n  pw: 1\nb: *x\n", "a.pw"),
        (Yaml, "a:\n- pw: 1\n", "a.pw"),
        (Yaml, "- pw: 1\n", "pw"),
        (Yaml, "pw: 1\n---\npw: 2\n", "pw"),
        (Yaml, "a:\n\tpw: 1\n", "a.pw"),
        (Yaml, "? pw\n: 1\n", "pw"),
        (Yaml, "{pw: 1}\n", "pw"),
        (Yaml, "a: \"x\npw: no\"\npw: 1\n", "pw"),
        (Yaml, "base: &b\n  pw: 1\na:\n  <<: *b\n", "a.pw"),
    ] {
        let done = put(format, text, key, "new-fixture");
        assert!(matches!(done, Err(Fault::Refused)), "{format:?} {text:?} {done:?}");
    }
}

#[test]
fn a_place_that_cannot_be_added_is_refused() {
    for (format, text, key) in [
        (Env, "", ""),
        (Env, "", "A B"),
        (Env, "", "A=B"),
        (Env, "", "A\nB"),
        (Ini, "", "a."),
        (Ini, "", "[x].y"),
        (Ini, "", "a.b\nc"),
        (Json, "{\"a\":[]}", "a.pw"),
        (Toml, "", "a..b"),
        (Toml, "a.x = 1\n", "a.pw"),
        (Toml, "a = {x = 1}\n", "a.pw"),
        (Toml, "[a.b]\nx = 1\n", "a.pw"),
        (Yaml, "a: 1\n", "b.pw"),
        (Yaml, "a:\n", "a.pw"),
        (Yaml, "a: 1\n", "p w"),
        (Yaml, "a: |\n  x\n\n\n  y\nb: 1", "true"),
    ] {
        let done = put(format, text, key, "new-fixture");
        assert!(matches!(done, Err(Fault::Refused)), "{format:?} {text:?} {key} {done:?}");
    }
}
