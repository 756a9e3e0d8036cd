//! KeePassXC itself, and a document with everything that it keeps.

use std::{
    fmt::Write as _,
    io::Write as _,
    path::Path,
    process::{Command, Stdio},
};

/// Runs KeePassXC's command line in `folder`; it is told the password as often as it asks.
pub fn keepassxc(folder: &Path, password: &str, arguments: &[&str]) -> Vec<u8> {
    let mut child = Command::new("keepassxc-cli")
        .args(arguments)
        .current_dir(folder)
        .env("QT_QPA_PLATFORM", "offscreen")
        .env("HOME", folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap_or_else(|e| {
            panic!("keepassxc-cli cannot be started ({e}): apt-get install keepassxc")
        });
    let mut asked = child.stdin.take().unwrap();
    // It may ask once only, and be gone.
    let _ = asked.write_all(format!("{password}\n{password}\n").as_bytes());
    drop(asked);
    let out = child.wait_with_output().unwrap();
    assert!(out.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&out.stderr));
    out.stdout
}

fn uuid(n: usize) -> String {
    use base64::Engine;
    base64::engine::general_purpose::STANDARD.encode((n as u128 + 1).to_be_bytes())
}

fn string(key: &str, text: &str, hidden: bool) -> String {
    let hidden = if hidden { " ProtectInMemory=\"True\"" } else { "" };
    format!("<String><Key>{key}</Key><Value{hidden}>{text}</Value></String>")
}

/// What an entry says, or said.
struct Said<'a> {
    n: usize,
    title: &'a str,
    user: &'a str,
    password: &'a str,
    notes: &'a str,
    key: &'a str,
    region: &'a str,
    tags: &'a str,
    /// `True` or `False`.
    expires: &'a str,
    expiry: &'a str,
    changed: &'a str,
    otp: bool,
}

impl Said<'_> {
    fn put(&self, xml: &mut String) {
        let Said { n, tags, expires, expiry, changed, .. } = self;
        write!(
            xml,
            "<UUID>{}</UUID><Tags>{tags}</Tags><Times>\
             <CreationTime>2024-01-{:02}T03:04:05Z</CreationTime>\
             <LastModificationTime>{changed}</LastModificationTime>\
             <ExpiryTime>{expiry}</ExpiryTime><Expires>{expires}</Expires></Times>",
            uuid(*n),
            n % 28 + 1,
        )
        .unwrap();
        *xml += &string("Title", self.title, false);
        *xml += &string("UserName", self.user, false);
        *xml += &string("Password", self.password, true);
        *xml += &string("URL", &format!("https://host{n}.example/?a=1&amp;b"), false);
        *xml += &string("Notes", self.notes, false);
        *xml += &string("API key", self.key, true);
        *xml += &string("Region", self.region, false);
        if self.otp {
            *xml += &string(
                "otp",
                "otpauth://totp/x:y?secret=GEZDGNBVGY3TQOJQ&amp;period=30&amp;digits=6&amp;issuer=x",
                true,
            );
        }
    }
}

/// An entry, with what it said before: other words with another password, the same words with
/// another password, and every fifth time another word with the same password.
fn entry(xml: &mut String, n: usize) {
    let day = n % 28 + 1;
    let (title, tags) = (format!("entry {n}"), format!("t{};fixture tag", n % 7));
    let (user, key) = (format!("user{n}"), format!("fixture-key-{n}"));
    let (password, notes) =
        (format!("fixture-{n}-&lt;\"ñ"), format!("fixture notes {n}\nin lines"));
    let (changed, expiry) =
        (format!("2025-01-{day:02}T03:04:05Z"), format!("2027-02-{day:02}T00:00:00Z"));
    let old = |month: usize| format!("2024-{:02}-{day:02}T03:04:05Z", month + 1);
    let password_then = |old: usize| format!("fixture-{n}-old-{old}");
    let now = || Said {
        n,
        title: &title,
        user: &user,
        password: &password,
        notes: &notes,
        key: &key,
        region: "eu-1",
        tags: &tags,
        expires: if n.is_multiple_of(2) { "True" } else { "False" },
        expiry: &expiry,
        changed: &changed,
        otp: n.is_multiple_of(10),
    };
    write!(xml, "<Entry><IconID>{}</IconID>", n % 3).unwrap();
    now().put(xml);
    if n.is_multiple_of(10) {
        *xml += "<Binary><Key>file.pem</Key><Value Ref=\"0\"/></Binary>";
    }
    *xml += "<History><Entry>";
    Said {
        title: &format!("{title} before"),
        user: &format!("before{n}"),
        password: &password_then(1),
        notes: "fixture notes before",
        key: &format!("fixture-key-old-{n}"),
        region: "eu-0",
        tags: "old tag",
        expires: "True",
        expiry: "2024-03-01T00:00:00Z",
        changed: &old(1),
        otp: false,
        ..now()
    }
    .put(xml);
    *xml += "</Entry><Entry>";
    Said { password: &password_then(2), changed: &old(2), ..now() }.put(xml);
    if n.is_multiple_of(5) {
        *xml += "</Entry><Entry>";
        Said { region: "eu-2", changed: &old(3), ..now() }.put(xml);
    }
    *xml += "</Entry></History></Entry>";
}

/// Entries with everything that KeePassXC keeps, as its XML, and one in the recycle bin.
pub fn document(entries: usize) -> String {
    let bin = uuid(2_000_000);
    let mut xml = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><KeePassFile><Meta><Generator>KeePassXC</Generator>\
         <RecycleBinEnabled>True</RecycleBinEnabled><RecycleBinUUID>{bin}</RecycleBinUUID>\
         <HistoryMaxItems>-1</HistoryMaxItems><HistoryMaxSize>-1</HistoryMaxSize>\
         <Binaries><Binary ID=\"0\">Zml4dHVyZSBmaWxl</Binary></Binaries></Meta><Root>"
    );
    let group = |n: usize, name: &str| {
        format!("<Group><UUID>{}</UUID><Name>{name}</Name>", uuid(1_000_000 + n))
    };
    xml += &group(0, "Root");
    for (g, name) in ["Production", "Team &amp; Shop"].iter().enumerate() {
        xml += &group(g + 1, name);
        (0..entries).filter(|n| n % 2 == g).for_each(|n| entry(&mut xml, n));
        xml += "</Group>";
    }
    let thrown = uuid(3_000_000);
    xml +=
        &format!("<Group><UUID>{bin}</UUID><Name>Recycle Bin</Name><Entry><UUID>{thrown}</UUID>");
    xml += &string("Title", "thrown", false);
    xml += "</Entry></Group></Group></Root></KeePassFile>";
    xml
}
