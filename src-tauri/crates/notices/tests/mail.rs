//! Mail by a real server: in secret or not at all, and what it refuses.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test ends where it cannot go on"
)]

use std::{env, fs, process::Stdio};

use keyturn_model::{
    Timestamp,
    channel::{ChannelSetup, MailServer, MailTls},
    rotation::Why,
    setup::{Secrets, SetupFault, SetupWhy},
};
use keyturn_notices::{Message, Unsent, faults, send};
use tokio::{
    io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader, Lines},
    net::TcpListener,
    process::{Child, ChildStdout, Command},
};

const PASSWORD: &str = "fixture-password";
/// Tells the process that trusts the certificate where the servers are.
const PORTS: &str = "KEYTURN_MAIL_PORTS";

struct Running {
    port: u16,
    letters: Lines<BufReader<ChildStdout>>,
    folder: tempfile::TempDir,
    _server: Child,
}

async fn running(way: &str) -> Running {
    let folder = tempfile::tempdir().unwrap();
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    fs::write(folder.path().join("certificate"), made.cert.pem()).unwrap();
    fs::write(folder.path().join("key"), made.signing_key.serialize_pem()).unwrap();
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/smtp_server.py");
    let mut server = Command::new("/usr/bin/python3")
        .args([script, way, folder.path().to_str().unwrap(), PASSWORD])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    let mut letters = BufReader::new(server.stdout.take().unwrap()).lines();
    let port = letters.next_line().await.unwrap();
    let port = port.expect("python3-aiosmtpd has to be installed").parse().unwrap();
    Running { port, letters, folder, _server: server }
}

fn server(port: u16, tls: MailTls, user: &str, to: &[&str]) -> MailServer {
    MailServer {
        host: "localhost".into(),
        port,
        tls,
        user: user.into(),
        from: "keyturn@example.com".into(),
        to: to.iter().map(|to| (*to).to_owned()).collect(),
    }
}

fn secrets(password: &str) -> Secrets {
    [("password".to_owned(), password.to_owned().into())].into()
}

fn message() -> Message {
    Message {
        id: "0a1b".into(),
        at: Timestamp(1_750_000_000_000),
        subject: "Größe\r\nBcc: eve@example.com".into(),
        text: "payment-gateway expires within a day\n.\nthe end".into(),
    }
}

async fn sent(server: MailServer, password: &str) -> Result<(), Unsent> {
    send(&ChannelSetup::Mail(server), &secrets(password), &message()).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_letter_goes_in_secret_to_a_server_that_the_system_trusts_by_this_name() {
    let name = "a_letter_goes_in_secret_to_a_server_that_the_system_trusts_by_this_name";
    if let Ok(ports) = env::var(PORTS) {
        let (one, other) = ports.split_once(',').unwrap();
        for (port, tls) in [(one, MailTls::StartTls), (other, MailTls::FromStart)] {
            let at = |to| server(port.parse().unwrap(), tls, "ana", to);
            sent(at(&["team@example.com", "ops@example.com"]), PASSWORD).await.unwrap();
            let refused = sent(at(&["team@example.com"]), "fixture-wrong").await;
            assert_eq!(refused, Err(Unsent::Never(Why::Denied)));
            let refused = sent(at(&["never@example.com"]), PASSWORD).await;
            assert_eq!(refused, Err(Unsent::Never(Why::Refused)));
            let later = sent(at(&["later@example.com"]), PASSWORD).await;
            assert_eq!(later, Err(Unsent::Later { why: Why::Busy, wait_s: None }));
            let by_number = MailServer { host: "127.0.0.1".into(), ..at(&["team@example.com"]) };
            assert_eq!(sent(by_number, PASSWORD).await, Err(Unsent::Never(Why::Refused)));
        }
        return;
    }
    let mut all = [running("start-tls").await, running("from-start").await];
    let [one, other] = all.each_ref().map(|it| it.port);
    for (port, tls) in [(one, MailTls::StartTls), (other, MailTls::FromStart)] {
        let refused = sent(server(port, tls, "ana", &["team@example.com"]), PASSWORD).await;
        assert_eq!(refused, Err(Unsent::Never(Why::Refused)), "a certificate of nobody");
    }
    let trusted = all.each_ref().map(|it| fs::read(it.folder.path().join("certificate")).unwrap());
    let file = tempfile::NamedTempFile::new().unwrap();
    fs::write(file.path(), trusted.concat()).unwrap();
    let ran = Command::new(env::current_exe().unwrap())
        .args([name, "--exact", "--nocapture"])
        .env("SSL_CERT_FILE", file.path())
        .env_remove("SSL_CERT_DIR")
        .env(PORTS, format!("{one},{other}"))
        .output()
        .await
        .unwrap();
    let said = String::from_utf8_lossy(&ran.stdout);
    let cried = String::from_utf8_lossy(&ran.stderr);
    assert!(ran.status.success() && said.contains("1 passed"), "{said}{cried}");
    for running in &mut all {
        let letter = running.letters.next_line().await.unwrap().unwrap();
        let letter: serde_json::Value = serde_json::from_str(&letter).unwrap();
        assert_eq!(letter["to"], serde_json::json!(["team@example.com", "ops@example.com"]));
        assert_eq!((&letter["secret"], &letter["login"]), (&true.into(), &"ana".into()));
        let text = letter["letter"].as_str().unwrap();
        let (head, body) = text.split_once("\r\n\r\n").unwrap();
        assert!(!head.lines().any(|line| line.starts_with("Bcc")), "{head}");
        assert!(head.contains("Message-ID: <0a1b@example.com>"), "{head}");
        assert!(head.contains("Date: Sun, 15 Jun 2025 15:06:40 +0000"), "{head}");
        assert!(body.contains("payment-gateway expires within a day"), "{body}");
        assert!(body.trim_end().ends_with("the end"), "{body}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn in_the_clear_a_letter_goes_only_within_this_computer_and_only_where_that_was_said() {
    let mut running = running("clear").await;
    let at = |tls| server(running.port, tls, "", &["team@example.com"]);
    let refused = sent(at(MailTls::StartTls), PASSWORD).await;
    assert_eq!(refused, Err(Unsent::Never(Why::Refused)), "it offers no STARTTLS");
    assert!(sent(at(MailTls::FromStart), PASSWORD).await.is_err());
    sent(at(MailTls::Off), PASSWORD).await.unwrap();
    let letter = running.letters.next_line().await.unwrap().unwrap();
    assert!(letter.contains("\"secret\": false"), "{letter}");
    let away = MailServer { host: "mail.example.com".into(), ..at(MailTls::Off) };
    assert_eq!(sent(away, PASSWORD).await, Err(Unsent::Never(Why::Refused)));
    let cloud = MailServer { host: "169.254.169.254".into(), ..at(MailTls::FromStart) };
    assert_eq!(sent(cloud, PASSWORD).await, Err(Unsent::Never(Why::Forbidden)));
}

#[tokio::test]
async fn what_was_said_in_the_clear_is_not_taken_for_what_comes_after() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let said = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let all = "220 here\r\n250-here\r\n250 STARTTLS\r\n220 go\r\n250 here\r\n250 taken\r\n";
        stream.write_all(all.repeat(2).as_bytes()).await.unwrap();
        let mut heard = Vec::new();
        let _ = stream.read_to_end(&mut heard).await;
        heard
    });
    let at = server(port, MailTls::StartTls, "ana", &["team@example.com"]);
    assert!(sent(at, PASSWORD).await.is_err());
    let heard = said.await.unwrap();
    let clear = b"EHLO localhost\r\nSTARTTLS\r\n";
    assert_eq!(heard.get(..clear.len()), Some(clear.as_slice()));
    assert!(!String::from_utf8_lossy(&heard).contains("example.com"));
}

#[test]
fn a_form_that_cannot_be_says_where_and_why() {
    let good = server(25, MailTls::StartTls, "ana", &["team@example.com"]);
    let with = |server: MailServer, secrets: Secrets| {
        let faults = faults(&ChannelSetup::Mail(server), &secrets);
        faults.into_iter().map(|SetupFault { field, why }| (field, why)).collect::<Vec<_>>()
    };
    assert_eq!(with(good.clone(), secrets("x")), []);
    let one = |field: &str, why| vec![(field.to_owned(), why)];
    assert_eq!(with(good.clone(), Secrets::new()), one("password", SetupWhy::Missing));
    let to = MailServer { to: Vec::new(), ..good.clone() };
    assert_eq!(with(to, secrets("x")), one("to", SetupWhy::Missing));
    let to = MailServer { to: vec!["ana@a\r\nb".into()], ..good.clone() };
    assert_eq!(with(to, secrets("x")), one("to", SetupWhy::Characters));
    let from = MailServer { from: "ana".into(), ..good.clone() };
    assert_eq!(with(from, secrets("x")), one("from", SetupWhy::Characters));
    let clear = MailServer { host: "mail.example.com".into(), tls: MailTls::Off, ..good };
    assert_eq!(with(clear, secrets("x")), one("tls", SetupWhy::Readable));
}
