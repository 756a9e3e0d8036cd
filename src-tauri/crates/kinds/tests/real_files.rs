//! Files that OpenSSL and OpenSSH wrote. Their keys are used nowhere; in the folder their dashes are
//! written as `=`, so that nobody's scanner takes them for lost ones.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails here")]

use keyturn_kinds::{Facts, Why, check, facts, recognise};
use keyturn_model::Kind;
use secrecy::ExposeSecret;

fn fixture(name: &str) -> String {
    let crate_folder = std::env::var("CARGO_MANIFEST_DIR").unwrap();
    std::fs::read_to_string(format!("{crate_folder}/tests/fixtures/{name}"))
        .unwrap()
        .replace("=====", "-----")
}

fn certificate(chain: &str, key: &str) -> (Vec<Why>, Facts) {
    let (chain, key) = (fixture(chain), fixture(key));
    let fields = [("chain", chain.as_str()), ("privateKey", key.as_str())].into_iter().collect();
    let whys = check(Kind::Certificate, &fields).into_iter().map(|fault| fault.why).collect();
    (whys, facts(Kind::Certificate, &fields))
}

#[test]
fn chains_of_every_usual_algorithm_fit_their_keys() {
    for (name, algorithm) in
        [("rsa", "RSA 2048"), ("p384", "EC P-384"), ("p521", "EC P-521"), ("ed25519", "Ed25519")]
    {
        let chain = format!("{name}_chain.fixture.pem");
        let (whys, facts) = certificate(&chain, &format!("{name}_leaf.fixture.key"));
        assert_eq!(whys, [], "{name}");
        assert_eq!(facts.algorithm.as_deref(), Some(algorithm));
        assert!(facts.expires > facts.issued_at && facts.issued_at.is_some());
        assert_eq!(facts.subject.as_deref(), Some("CN=fixture.example.com"));
        assert_eq!(
            facts.serial.as_deref(),
            Some("01:02:03:04:05:06:07:08:09:0A:0B:0C:0D:0E:0F:10")
        );
        let names = [
            "fixture.example.com",
            "*.fixture.example.com",
            "2001:db8::1",
            "fixture@example.com",
            "spiffe://fixture/x",
        ];
        assert_eq!(facts.names, names);
    }
}

#[test]
fn a_signature_that_cannot_be_checked_does_not_break_a_chain() {
    for chain in ["pss_chain.fixture.pem", "sha1_chain.fixture.pem"] {
        let (whys, _) = certificate(chain, "rsa_leaf.fixture.key");
        assert_eq!(whys, [], "{chain}");
    }
}

#[test]
fn a_signature_that_was_changed_breaks_a_chain() {
    for name in ["rsa", "p384", "ed25519"] {
        let chain = fixture(&format!("{name}_chain.fixture.pem"));
        let end = chain.find("\n-----END").unwrap();
        // Characters of the last full line stand in the middle of the signature.
        let at = chain[..end].rfind('\n').unwrap() - 20;
        let other = if &chain[at..=at] == "A" { "B" } else { "A" };
        let changed = format!("{}{other}{}", &chain[..at], &chain[at + 1..]);
        let key = fixture(&format!("{name}_leaf.fixture.key"));
        let fields = [("chain", changed.as_str()), ("privateKey", &key)].into_iter().collect();
        let whys: Vec<Why> =
            check(Kind::Certificate, &fields).into_iter().map(|fault| fault.why).collect();
        assert_eq!(whys, [Why::ChainBroken { at: 1 }], "{name}");
    }
}

#[test]
fn the_fingerprint_is_the_one_that_openssl_prints() {
    let (_, facts) = certificate("rsa_chain.fixture.pem", "rsa_leaf.fixture.key");
    assert_eq!(
        facts.fingerprint.as_deref(),
        Some(
            "EB:DC:6F:8B:0D:B4:59:D9:C8:D3:2F:81:46:DF:F4:4B:75:B7:97:ED:6D:32:F0:28:5B:BC:8C:4D:3B:3F:A1:64"
        )
    );
}

#[test]
fn a_key_of_another_certificate_does_not_fit() {
    let (whys, _) = certificate("rsa_chain.fixture.pem", "p384_leaf.fixture.key");
    assert_eq!(whys, [Why::KeyDoesNotFit]);
    for fits in
        ["rsa_old.fixture.key", "rsa_encrypted_pkcs8.fixture.key", "rsa_encrypted_old.fixture.key"]
    {
        let (whys, facts) = certificate("rsa_chain.fixture.pem", fits);
        assert_eq!(whys, [], "{fits}");
        assert_eq!(facts.encrypted, fits.contains("encrypted"));
    }
    let (whys, _) = certificate("p384_chain.fixture.pem", "p384_sec1.fixture.key");
    assert_eq!(whys, []);
}

#[test]
fn ssh_keys_have_the_fingerprint_that_openssh_prints() {
    for (name, algorithm, fingerprint) in [
        ("ssh_ed25519", "Ed25519", "SHA256:hgY2isRLoIN58mdVMjI10NIvxtHS/4LYBNqh7Arew2A"),
        ("ssh_ecdsab256", "EC P-256", "SHA256:lK6KEKMI+EB0lkPldGq9DpeiRANgz4uDe2G0JfHh7Bw"),
        ("ssh_ecdsab521", "EC P-521", "SHA256:XOx3zIWdxFIJK7Yf6myl7N96o/pKIv+hM23cIKoy3WM"),
        ("ssh_rsab2048", "RSA 2048", "SHA256:YfH//A2/ADirvdc9LjUnoPpMWnesxGdfs+HWSofclq4"),
        ("ssh_encrypted", "Ed25519", "SHA256:iomJlhBmJ+Js/qkL4WF4nY+dx+uv+s+zBuUGOaWzckc"),
    ] {
        let private = fixture(&format!("{name}.fixture.key"));
        let public = fixture(&format!("{name}.fixture.pub"));
        let fields =
            [("privateKey", private.as_str()), ("publicKey", &public)].into_iter().collect();
        assert_eq!(check(Kind::SshKey, &fields), [], "{name}");
        let found = facts(Kind::SshKey, &fields);
        assert_eq!(found.fingerprint.as_deref(), Some(fingerprint));
        assert_eq!(found.algorithm.as_deref(), Some(algorithm));
        assert_eq!(found.subject.as_deref(), Some("fixture@example.com"));
        assert_eq!(found.encrypted, name == "ssh_encrypted");
        for half in [("privateKey", private.as_str()), ("publicKey", &public)] {
            let alone = facts(Kind::SshKey, &[half].into_iter().collect());
            assert_eq!(alone.fingerprint.as_deref(), Some(fingerprint));
        }
    }
}

#[test]
fn halves_of_two_ssh_keys_do_not_fit() {
    let public = fixture("ssh_ed25519.fixture.pub");
    for name in ["ssh_ecdsab256", "ssh_rsab2048", "ssh_encrypted"] {
        let private = fixture(&format!("{name}.fixture.key"));
        let fields =
            [("privateKey", private.as_str()), ("publicKey", &public)].into_iter().collect();
        let faults = check(Kind::SshKey, &fields);
        assert_eq!(faults.len(), 1);
        assert_eq!(
            (faults[0].field.as_str(), faults[0].why),
            ("publicKey", Why::PublicKeyDoesNotFit)
        );
    }
}

#[test]
fn a_chain_and_its_key_in_one_paste_fill_the_form_and_pass_the_check() {
    for order in [
        ["ed25519_leaf.fixture.key", "ed25519_chain.fixture.pem"],
        ["ed25519_chain.fixture.pem", "ed25519_leaf.fixture.key"],
    ] {
        let pasted = order.map(fixture).join("\r\nsome words\r\n");
        let found = recognise(&pasted).unwrap();
        assert_eq!(found.kind, Kind::Certificate);
        assert_eq!(found.name.as_deref(), Some("fixture.example.com"));
        assert_eq!(found.issuer.as_deref(), Some("Fixture Trust"));
        let fields =
            found.fields.iter().map(|(name, text)| (*name, text.expose_secret())).collect();
        assert_eq!(check(Kind::Certificate, &fields), []);
    }
}

#[test]
fn private_keys_are_recognised_by_what_they_are_for() {
    for (name, kind, more) in [
        ("ssh_ed25519", Kind::SshKey, "publicKey"),
        ("ssh_encrypted", Kind::SshKey, "publicKey"),
        ("rsa_old", Kind::SshKey, "publicKey"),
        ("ed25519_leaf", Kind::SigningKey, "algorithm"),
        ("p256_with_parameters", Kind::SigningKey, "algorithm"),
        ("rsa_leaf", Kind::SigningKey, "algorithm"),
    ] {
        let key = fixture(&format!("{name}.fixture.key"));
        let in_variable = format!("DEPLOY_KEY=\"{}\"", key.trim().replace('\n', "\\n"));
        for pasted in [key.as_str(), in_variable.as_str()] {
            let found = recognise(pasted).unwrap();
            assert_eq!(found.kind, kind, "{name}");
            assert_eq!(found.fields[0].0, kind.value());
            assert_eq!(found.fields[1].0, more);
            let fields = found.fields.iter().map(|(n, text)| (*n, text.expose_secret())).collect();
            assert_eq!(check(kind, &fields), [], "{name}");
        }
    }
}
