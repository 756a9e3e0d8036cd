use keyturn_model::setup::{Server, Tls};

use super::*;

const FIELDS: &[&str] = &["user", "password"];

fn binding(sending: Sending) -> BindingSetup {
    BindingSetup {
        sending,
        reloading: Reloading::Live,
        check: HealthCheck::None,
        looks: Looks::default(),
        takes_s: 1,
        away_s: 0,
    }
}

fn file(path: &str, format: FileFormat, parts: &[(&str, &str)]) -> Sending {
    let part = |(key, text): &(&str, &str)| Part { key: (*key).into(), text: (*text).into() };
    Sending::File { path: path.into(), format, parts: parts.iter().map(part).collect() }
}

fn wrong(binding: &BindingSetup) -> Vec<(String, SetupWhy)> {
    faults(binding, FIELDS).into_iter().map(|fault| (fault.field, fault.why)).collect()
}

fn wrong_sending(sending: Sending) -> Vec<(String, SetupWhy)> {
    wrong(&binding(sending))
}

fn one(field: &str, why: SetupWhy) -> Vec<(String, SetupWhy)> {
    vec![(field.to_owned(), why)]
}

#[test]
fn a_form_that_is_filled_in_has_no_faults() {
    let part = [("db.password", "{user}:{password|url}")];
    for sending in [
        file("/etc/app/.env", FileFormat::Env, &[("PW", "{value}"), ("U", "{user}")]),
        file("/etc/app/x.toml", FileFormat::Toml, &part),
        file("/etc/app/x", FileFormat::Whole, &[("", "{value}\n")]),
        Sending::Command {
            program: "/usr/bin/kubectl".into(),
            arguments: vec!["apply".into(), "-f".into(), "-".into()],
            input: "{{\"a\":{value|json}}".into(),
        },
        Sending::Http {
            address: "https://example.com/in".into(),
            body: "{value}".into(),
            content_type: "text/plain; charset=utf-8".into(),
            private: false,
        },
        Sending::ByHand { who: "Ada".into(), steps: vec!["Paste it.".into()] },
    ] {
        assert_eq!(wrong_sending(sending.clone()), [], "{sending:?}");
    }
}

#[test]
fn each_fault_of_a_delivery_is_named_with_its_field() {
    use SetupWhy::{Address, Characters, Missing, Path, Place, Private, TooLong};
    let env = |path: &str, key: &str, text: &str| file(path, FileFormat::Env, &[(key, text)]);
    let long = "x".repeat(LONGEST_TEXT + 1);
    let program = |program: &str, arguments: Vec<String>, input: &str| Sending::Command {
        program: program.into(),
        arguments,
        input: input.into(),
    };
    let http = |address: &str, content_type: &str| Sending::Http {
        address: address.into(),
        body: "{value}".into(),
        content_type: content_type.into(),
        private: false,
    };
    let many: Vec<_> = (0..65).map(|each| format!("K{each}")).collect();
    let many: Vec<_> = many.iter().map(|key| (key.as_str(), "{value}")).collect();
    for (sending, field, why) in [
        (env("", "A", "{value}"), "sending.path", Missing),
        (env("etc/x", "A", "{value}"), "sending.path", Path),
        (env("/", "A", "{value}"), "sending.path", Path),
        (env("/a\0b", "A", "{value}"), "sending.path", Characters),
        (env(&format!("/{}", "x".repeat(4096)), "A", "{value}"), "sending.path", TooLong),
        (env("/x", "", "{value}"), "sending.parts.0.key", Missing),
        (env("/x", "A B", "{value}"), "sending.parts.0.key", Characters),
        (env("/x", "A", ""), "sending.parts.0.text", Missing),
        (env("/x", "A", "constant"), "sending.parts.0.text", Place),
        (env("/x", "A", "{nobody}"), "sending.parts.0.text", Place),
        (env("/x", "A", "{password|rot13}"), "sending.parts.0.text", Place),
        (env("/x", "A", "{password"), "sending.parts.0.text", Place),
        (env("/x", "A", &long), "sending.parts.0.text", TooLong),
        (file("/x", FileFormat::Json, &[]), "sending.parts", Missing),
        (file("/x", FileFormat::Env, &many), "sending.parts", TooLong),
        (file("/x", FileFormat::Json, &[("a..b", "{value}")]), "sending.parts.0.key", Characters),
        (file("/x", FileFormat::Ini, &[("[a].b", "{value}")]), "sending.parts.0.key", Characters),
        (
            file("/x", FileFormat::Json, &[("a", "{value}"), ("a", "{user}")]),
            "sending.parts.1.key",
            Characters,
        ),
        (
            file("/x", FileFormat::Whole, &[("", "{value}"), ("", "{user}")]),
            "sending.parts",
            TooLong,
        ),
        (program("kubectl", vec![], "{value}"), "sending.program", Path),
        (program("/k", vec!["a\0".into()], "{value}"), "sending.arguments", Characters),
        (program("/k", vec![String::new(); 65], "{value}"), "sending.arguments", TooLong),
        (program("/k", vec![], ""), "sending.input", Missing),
        (http("http://example.com", "text/plain"), "sending.address", Address),
        (http("https://10.0.0.1", "text/plain"), "sending.address", Private),
        (http("https://example.com", "text"), "sending.contentType", Characters),
        (http("https://example.com", "text/plain\r\nX: y"), "sending.contentType", Characters),
        (Sending::ByHand { who: String::new(), steps: vec!["x".into()] }, "sending.who", Missing),
        (Sending::ByHand { who: "Ada".into(), steps: vec![] }, "sending.steps", Missing),
    ] {
        assert_eq!(wrong_sending(sending.clone()), one(field, why), "{sending:?}");
    }
}

#[test]
fn each_fault_of_a_reload_or_a_check_is_named_with_its_field() {
    let good = binding(file("/x", FileFormat::Env, &[("A", "{value}")]));
    let http = |status, pointer: &str, expected: &str| HealthCheck::Http {
        address: "https://example.com/health".into(),
        status,
        pointer: pointer.into(),
        expected: expected.into(),
        private: false,
    };
    let tcp = |host: &str, port| HealthCheck::Tcp { host: host.into(), port };
    let login = |host: &str, port, tls| HealthCheck::Login {
        protocol: Protocol::Postgres,
        server: Server {
            host: host.into(),
            port,
            database: String::new(),
            user: String::new(),
            tls,
        },
    };
    for (check, is) in [
        (http(200, "", ""), vec![]),
        (http(200, "/key", "{value}"), vec![]),
        (http(200, "/state", "ok"), vec![]),
        (http(99, "", ""), one("check.status", SetupWhy::Number)),
        (http(200, "key", "ok"), one("check.pointer", SetupWhy::Characters)),
        (http(200, "/key", ""), one("check.expected", SetupWhy::Missing)),
        (http(200, "/key", "{x}"), one("check.expected", SetupWhy::Place)),
        (tcp("db", 5432), vec![]),
        (tcp("", 5432), one("check.host", SetupWhy::Missing)),
        (tcp("a b", 5432), one("check.host", SetupWhy::Characters)),
        (tcp("169.254.169.254", 80), one("check.host", SetupWhy::Forbidden)),
        (tcp("db", 0), one("check.port", SetupWhy::Number)),
        (login("db", 5432, Tls::Verified), vec![]),
        (login("127.0.0.1", 5432, Tls::Off), vec![]),
        (login("db", 5432, Tls::Off), one("check.tls", SetupWhy::Readable)),
        (login("", 5432, Tls::Verified), one("check.host", SetupWhy::Missing)),
        (login("fe80::1", 5432, Tls::Verified), one("check.host", SetupWhy::Forbidden)),
        (login("db", 0, Tls::Verified), one("check.port", SetupWhy::Number)),
    ] {
        assert_eq!(wrong(&BindingSetup { check: check.clone(), ..good.clone() }), is, "{check:?}");
    }
    let reloading = Reloading::Command { program: "x".into(), arguments: vec![] };
    let is = one("reloading.program", SetupWhy::Path);
    assert_eq!(wrong(&BindingSetup { reloading, ..good.clone() }), is);
    let reloading = Reloading::Http { address: String::new(), private: true };
    let is = one("reloading.address", SetupWhy::Missing);
    assert_eq!(wrong(&BindingSetup { reloading, ..good.clone() }), is);
    let is = one("takesS", SetupWhy::Number);
    assert_eq!(wrong(&BindingSetup { takes_s: 100_000, ..good }), is);
}

#[test]
fn a_check_has_limits_for_how_long_and_how_often_it_is_tried() {
    let with = |check: &HealthCheck, timeout_s, retries, interval_s| {
        let looks = Looks { timeout_s, retries, interval_s };
        let good = binding(file("/x", FileFormat::Env, &[("A", "{value}")]));
        wrong(&BindingSetup { looks, check: check.clone(), ..good })
    };
    let none = HealthCheck::None;
    let program = HealthCheck::Command { program: "/bin/true".into(), arguments: vec![] };
    assert_eq!(with(&none, 10, 0, 1), vec![]);
    assert_eq!(with(&program, 60, 100, 3600), vec![]);
    let number = |field| one(field, SetupWhy::Number);
    assert_eq!(with(&none, 11, 0, 1), number("looks.timeoutS"));
    assert_eq!(with(&program, 61, 0, 1), number("looks.timeoutS"));
    assert_eq!(with(&none, 0, 0, 1), number("looks.timeoutS"));
    assert_eq!(with(&none, 1, 101, 1), number("looks.retries"));
    assert_eq!(with(&none, 1, 1, 0), number("looks.intervalS"));
    assert_eq!(with(&none, 1, 1, 3601), number("looks.intervalS"));
}

#[test]
fn a_login_needs_a_user_where_the_value_has_none() {
    let check = |protocol, user: &str| HealthCheck::Login {
        protocol,
        server: Server {
            host: "db".into(),
            port: 5432,
            database: String::new(),
            user: user.into(),
            tls: Tls::Verified,
        },
    };
    let nobody = one("check.user", SetupWhy::Missing);
    for (check, is) in [
        (check(Protocol::Postgres, ""), nobody.clone()),
        (check(Protocol::Mysql, ""), nobody),
        (check(Protocol::Postgres, "app"), vec![]),
        (check(Protocol::Redis, ""), vec![]),
    ] {
        let good = binding(file("/x", FileFormat::Env, &[("A", "{value}")]));
        let of_a_key = faults(&BindingSetup { check: check.clone(), ..good }, &["secret"]);
        let of_a_key: Vec<_> = of_a_key.into_iter().map(|it| (it.field, it.why)).collect();
        assert_eq!(of_a_key, is, "{check:?}");
    }
}
