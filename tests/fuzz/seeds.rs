//! Files of every format, made when they are needed: for the fuzzer, and for the tests.
//!
//! A sealed format comes as what is inside and how to seal it, so that what is inside can be mutated
//! as well: a changed byte outside gets no further than the checksum.

use std::io::Write;

use aes::cipher::{BlockModeEncrypt, KeyIvInit, StreamCipher, block_padding::Pkcs7};
use base64::{Engine, engine::general_purpose::STANDARD};
use hkdf::Hkdf;
use hmac::{Hmac, KeyInit, Mac};
use keyturn_exchange::Format;
use sha2::{Digest, Sha256, Sha512};

/// What opens those that are sealed.
pub const PASSWORD: &str = "fixture password";

/// A file that can be read.
pub struct Seed {
    /// Of this format.
    pub format: Format,
    /// What is inside.
    pub inside: Vec<u8>,
    /// Makes a file of it.
    pub seal: fn(&[u8]) -> Vec<u8>,
    /// How many entries are in it.
    pub entries: usize,
}

impl Seed {
    /// The file.
    pub fn file(&self) -> Vec<u8> {
        (self.seal)(&self.inside)
    }
}

/// What is inside a file of this format, and how to seal it.
pub fn seed(
    format: Format,
    inside: impl Into<Vec<u8>>,
    seal: fn(&[u8]) -> Vec<u8>,
    entries: usize,
) -> Seed {
    Seed { format, inside: inside.into(), seal, entries }
}

/// One or more of each format.
pub fn all() -> Vec<Seed> {
    let bare: fn(&[u8]) -> Vec<u8> = <[u8]>::to_vec;
    let utf16 = |text: &str| {
        [0xFF, 0xFE]
            .into_iter()
            .chain(text.encode_utf16().flat_map(u16::to_le_bytes))
            .collect::<Vec<u8>>()
    };
    vec![
        seed(Format::Kdbx, KDBX, kdbx4, 1),
        seed(Format::Kdbx, KDBX, kdbx3, 1),
        seed(Format::OnePux, ONEPUX, onepux, 1),
        seed(Format::Bitwarden, BITWARDEN, bare, 2),
        seed(Format::Bitwarden, BITWARDEN, bitwarden, 2),
        seed(Format::Csv, CSV, bare, 2),
        seed(Format::Csv, CSV.replace(',', ";"), bare, 2),
        seed(Format::Csv, utf16(CSV), bare, 2),
        seed(Format::Env, ENV, bare, 4),
        seed(Format::VaultKv, VAULT, bare, 2),
        seed(Format::AwsSecrets, AWS, bare, 2),
        seed(Format::Kubernetes, YAML, bare, 2),
        seed(Format::Kubernetes, KUBECTL, bare, 1),
        seed(Format::Json, OWN, bare, 1),
    ]
}

const CSV: &str = "name,username,password,url,notes,expires,PIN\r\n\"a \"\"b\"\"\",ana,fixture-one,https://x.example,\"two\nlines\",2027-01-01,1234\r\nc,,fixture-two,,,,\r\n";
const ENV: &str = "# remark\nexport A=fixture\nB='fixture two' # x\nC=\"a\\nb\nc ${D}\"\nD=`x`\n";
const VAULT: &str = r#"{"kv/prod/db":{"request_id":"r","lease_id":"","data":{"data":{"username":"ana","password":"fixture","n":1},"metadata":{"created_time":"2026-01-02T03:04:05Z","custom_metadata":{"team":"pay"},"version":2}}},"kv/x":{"password":"fixture","list":[1,{"a":null}]}}"#;
const AWS: &str = r#"{"SecretValues":[{"ARN":"arn:x","Name":"prod/db","SecretString":"{\"username\":\"ana\",\"password\":\"fixture\",\"port\":5432}","CreatedDate":1700000000.5,"Tags":[{"Key":"env","Value":"qa"}]},{"Name":"bin","SecretBinary":"Zml4dHVyZQ=="}],"Errors":[{"SecretId":"gone"}]}"#;
const YAML: &str = "apiVersion: v1\nkind: Secret\nmetadata:\n  name: db\n  namespace: prod\n  labels: &l {team: pay}\ntype: kubernetes.io/basic-auth\ndata:\n  username: YW5h\n  password: Zml4dHVyZQ==\nstringData:\n  extra: |\n    two\n    lines\n---\napiVersion: v1\nkind: Secret\nmetadata: {name: web, labels: {a: 1}}\nstringData:\n  \"tls.crt\": 'fixture'\n  folded: >-\n    a\n    b\n";
const KUBECTL: &str = r#"{"apiVersion":"v1","kind":"List","items":[{"apiVersion":"v1","kind":"Secret","type":"kubernetes.io/tls","metadata":{"name":"x","creationTimestamp":"2026-01-02T03:04:05Z"},"data":{"tls.key":"Zml4dHVyZQ==","tls.crt":"Zml4dHVyZQ=="}}]}"#;
/// Our own JSON.
pub const OWN: &str = r#"{"format":"keyturn-records","version":1,"records":[{"kind":"login","group":["a"],"environment":"prod","owner":"ana","name":"n","address":"https://x","user":"u","notes":"fixture","tags":["t"],"expires":1700000000000,"fields":[{"name":"password","secret":true,"text":"fixture"}],"created":1,"changed":2,"history":[{"at":3,"name":"n","fields":[{"name":"password","secret":true,"text":"fixture-old"}]}],"attachments":[{"name":"f","size":3}]}]}"#;
const BITWARDEN: &str = r#"{"encrypted":false,"folders":[{"id":"f1","name":"Prod/Shop"}],"items":[{"id":"1","folderId":"f1","type":1,"name":"web","notes":"fixture notes","favorite":false,"fields":[{"name":"PIN","value":"fixture-pin","type":1},{"name":"region","value":"eu","type":0},{"name":"linked","value":null,"type":3,"linkedId":100}],"login":{"uris":[{"match":null,"uri":"https://x.example"},{"uri":"https://y.example"}],"username":"ana","password":"fixture","totp":"FIXTURE","fido2Credentials":[{"credentialId":"x"}]},"passwordHistory":[{"lastUsedDate":"2025-02-02T03:04:05.000Z","password":"fixture-2"},{"lastUsedDate":"2025-01-02T03:04:05.000Z","password":"fixture-1"}],"creationDate":"2025-01-01T00:00:00.000Z","revisionDate":"2025-03-01T00:00:00.000Z","deletedDate":null,"collectionIds":null},{"id":"2","type":5,"name":"ssh","sshKey":{"privateKey":"fixture-key","publicKey":"ssh-ed25519 AAAA","keyFingerprint":"SHA256:x"}},{"id":"3","type":2,"name":"thrown","deletedDate":"2025-03-01T00:00:00.000Z"}]}"#;
const ONEPUX: &str = r#"{"accounts":[{"attrs":{"accountName":"x"},"vaults":[{"attrs":{"uuid":"v","name":"Staging"},"items":[{"uuid":"i","createdAt":1614298956,"updatedAt":1635346445,"state":"active","categoryUuid":"001","details":{"loginFields":[{"value":"ana","name":"user","fieldType":"T","designation":"username"},{"value":"fixture","name":"pw","fieldType":"P","designation":"password"}],"notesPlain":"fixture notes","sections":[{"title":"More","name":"s","fields":[{"title":"PIN","id":"p","value":{"concealed":"fixture-pin"}},{"title":"one-time","id":"t","value":{"totp":"FIXTURE"}},{"title":"expires","id":"e","value":{"date":1798761600}},{"title":"file","id":"f","value":{"file":{"fileName":"a.pem","documentId":"d","decryptedSize":12}}}]}],"passwordHistory":[{"value":"fixture-old","time":1458322355}]},"overview":{"title":"Shop","url":"https://x.example","urls":[{"label":"w","url":"https://x.example"},{"label":"y","url":"https://y.example"}],"tags":["a","b"]}}]}]}]}"#;
const KDBX: &str = r#"<?xml version="1.0" encoding="utf-8" standalone="yes"?><KeePassFile><Meta><Generator>fixture</Generator><RecycleBinUUID>AAAAAAAAAAAAAAAAAAAAAw==</RecycleBinUUID></Meta><Root><Group><UUID>AAAAAAAAAAAAAAAAAAAAAQ==</UUID><Name>Root</Name><Group><UUID>AAAAAAAAAAAAAAAAAAAAAg==</UUID><Name>Prod</Name><Entry><UUID>AAAAAAAAAAAAAAAAAAAAEA==</UUID><IconID>3</IconID><Tags>a;b</Tags><Times><CreationTime>2024-01-02T03:04:05Z</CreationTime><ExpiryTime>AAAAAAAAAAA=</ExpiryTime><Expires>True</Expires></Times><String><Key>Title</Key><Value>one &amp; &#x41;</Value></String><String><Key>UserName</Key><Value>ana</Value></String><String><Key>Password</Key><Value>fixture</Value></String><String><Key>otp</Key><Value>otpauth://totp/x?secret=FIXTURE</Value></String><Binary><Key>f.txt</Key><Value Ref="0"/></Binary><AutoType><DefaultSequence>{TAB}</DefaultSequence></AutoType><CustomData><Item><Key>plug-in</Key><Value>x</Value></Item></CustomData><History><Entry><Times><LastModificationTime>2023-01-02T03:04:05Z</LastModificationTime></Times><String><Key>Title</Key><Value>one</Value></String><String><Key>Password</Key><Value>fixture-old</Value></String></Entry></History></Entry></Group><Group><UUID>AAAAAAAAAAAAAAAAAAAAAw==</UUID><Name>Bin</Name><Entry><String><Key>Title</Key><Value>thrown</Value></String></Entry></Group></Group></Root></KeePassFile>"#;

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packer.write_all(bytes).unwrap();
    packer.finish().unwrap()
}

fn aes(key: &[u8], iv: &[u8], bytes: &[u8]) -> Vec<u8> {
    cbc::Encryptor::<aes::Aes256>::new_from_slices(key, iv)
        .unwrap()
        .encrypt_padded_vec::<Pkcs7>(bytes)
}

/// The key after one round of AES, as both versions make it.
fn transformed(seed: [u8; 32]) -> [u8; 32] {
    use aes::cipher::{BlockCipherEncrypt, KeyInit};
    let composite = Sha256::digest(Sha256::digest(PASSWORD));
    let cipher = aes::Aes256::new(&seed.into());
    let mut hash = Sha256::new();
    for half in composite.chunks_exact(16) {
        let mut block = aes::Block::default();
        block.copy_from_slice(half);
        cipher.encrypt_block(&mut block);
        hash.update(block);
    }
    hash.finalize().into()
}

const AES_ID: &[u8] = b"\x31\xc1\xf2\xe6\xbf\x71\x43\x50\xbe\x58\x05\x21\x6a\xfc\x5a\xff";
const CHACHA_ID: &[u8] = b"\xd6\x03\x8a\x2b\x8b\x6f\x4c\xb5\xa5\x24\x33\x9a\x31\xdb\xb5\x9a";
const SIGNATURE: &[u8] = b"\x03\xD9\xA2\x9A\x67\xFB\x4B\xB5";

/// A database of version 3.1 with this document.
pub fn kdbx3(xml: &[u8]) -> Vec<u8> {
    let (seed, round_seed, iv, start) = ([1; 32], [2; 32], [3; 16], [4; 32]);
    let mut file = [SIGNATURE, &[1, 0, 3, 0]].concat();
    let rounds = 1_u64.to_le_bytes();
    let parts: [(u8, &[u8]); 10] = [
        (2, AES_ID),
        (3, &[1, 0, 0, 0]),
        (4, &seed),
        (5, &round_seed),
        (6, &rounds),
        (7, &iv),
        (8, &[5; 32]),
        (9, &start),
        (10, &[2, 0, 0, 0]),
        (0, b"\r\n\r\n"),
    ];
    for (number, part) in parts {
        file.push(number);
        file.extend(u16::try_from(part.len()).unwrap().to_le_bytes());
        file.extend(part);
    }
    let packed = gzip(xml);
    let mut plain = start.to_vec();
    for (number, block) in [(0_u32, packed.as_slice()), (1, &[])] {
        plain.extend(number.to_le_bytes());
        plain.extend(if block.is_empty() { [0; 32] } else { Sha256::digest(block).into() });
        plain.extend(u32::try_from(block.len()).unwrap().to_le_bytes());
        plain.extend(block);
    }
    let key = Sha256::new().chain_update(seed).chain_update(transformed(round_seed)).finalize();
    file.extend(aes(&key, &iv, &plain));
    file
}

fn dictionary(entries: &[(u8, &str, &[u8])]) -> Vec<u8> {
    let mut bytes = vec![0, 1];
    for (sort, name, value) in entries {
        bytes.push(*sort);
        for part in [name.as_bytes(), value] {
            bytes.extend(u32::try_from(part.len()).unwrap().to_le_bytes());
            bytes.extend(part);
        }
    }
    bytes.push(0);
    bytes
}

/// Costs of Argon2id, in bytes of memory.
pub fn costs_of_argon2(memory: u64, passes: u64, lanes: u32) -> Vec<u8> {
    dictionary(&[
        (0x42, "$UUID", b"\x9e\x29\x8b\x19\x56\xdb\x47\x73\xb2\x3d\xfc\x3e\xc6\xf0\xa1\xe6"),
        (0x42, "S", &[2; 32]),
        (0x05, "M", &memory.to_le_bytes()),
        (0x05, "I", &passes.to_le_bytes()),
        (0x04, "P", &lanes.to_le_bytes()),
        (0x04, "V", &0x13_u32.to_le_bytes()),
    ])
}

/// Costs of AES.
pub fn costs_of_aes(rounds: u64) -> Vec<u8> {
    dictionary(&[
        (0x42, "$UUID", b"\xc9\xd9\xf3\x9a\x62\x8a\x44\x60\xbf\x74\x0d\x08\xc1\x8a\x4f\xea"),
        (0x05, "R", &rounds.to_le_bytes()),
        (0x42, "S", &[2; 32]),
    ])
}

/// What only says how dear its key is; nothing opens it. What is inside are the costs.
pub fn dear() -> Seed {
    let costs = costs_of_argon2(65_536, 1, 1);
    seed(Format::Kdbx, costs, |costs| kdbx4_with(costs, b"", [0; 32]), 0)
}

/// A database of version 4 with this document and one attachment.
pub fn kdbx4(xml: &[u8]) -> Vec<u8> {
    kdbx4_with(&costs_of_aes(1), xml, transformed([2; 32]))
}

/// The same, with its costs and the key that they give.
pub fn kdbx4_with(costs: &[u8], xml: &[u8], transformed: [u8; 32]) -> Vec<u8> {
    let (seed, iv) = ([1; 32], [3; 12]);
    let mut file = [SIGNATURE, &[0, 0, 4, 0]].concat();
    let parts: [(u8, &[u8]); 6] =
        [(2, CHACHA_ID), (3, &[1, 0, 0, 0]), (4, &seed), (7, &iv), (11, costs), (0, b"\r\n\r\n")];
    let put = |to: &mut Vec<u8>, number: u8, part: &[u8]| {
        to.push(number);
        to.extend(u32::try_from(part.len()).unwrap().to_le_bytes());
        to.extend(part);
    };
    for (number, part) in parts {
        put(&mut file, number, part);
    }
    let mut plain = Vec::new();
    for (number, part) in [(1, &[3_u8, 0, 0, 0][..]), (2, &[5; 64]), (3, b"\0fixture"), (0, b"")] {
        put(&mut plain, number, part);
    }
    plain.extend(xml);
    let key = Sha256::new().chain_update(seed).chain_update(transformed).finalize();
    let mut sealed = gzip(&plain);
    chacha20::ChaCha20::new_from_slices(&key, &iv).unwrap().apply_keystream(&mut sealed);
    let base =
        Sha512::new().chain_update(seed).chain_update(transformed).chain_update([1]).finalize();
    let proof = |number: u64, parts: &[&[u8]]| {
        let key = Sha512::new().chain_update(number.to_le_bytes()).chain_update(base).finalize();
        let mut mac = Hmac::<Sha256>::new_from_slice(&key).unwrap();
        parts.iter().for_each(|part| mac.update(part));
        mac.finalize().into_bytes()
    };
    let (sum, first) = (Sha256::digest(&file), proof(u64::MAX, &[&file]));
    file.extend(sum);
    file.extend(first);
    for (number, block) in [(0_u64, sealed.as_slice()), (1, &[])] {
        let length = u32::try_from(block.len()).unwrap().to_le_bytes();
        file.extend(proof(number, &[&number.to_le_bytes(), &length, block]));
        file.extend(length);
        file.extend(block);
    }
    file
}

/// An archive of 1Password with this document.
pub fn onepux(data: &[u8]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    for (name, content) in
        [("export.attributes", &b"{}"[..]), ("export.data", data), ("files/d__a.pem", b"fixture")]
    {
        zip.start_file(name, options).unwrap();
        zip.write_all(content).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// An export of Bitwarden that has a password.
pub fn bitwarden(data: &[u8]) -> Vec<u8> {
    let salt = "Zml4dHVyZSBzYWx0";
    let mut key = [0; 32];
    pbkdf2::pbkdf2_hmac::<Sha256>(PASSWORD.as_bytes(), salt.as_bytes(), 10, &mut key);
    bitwarden_with(key, &format!(r#""kdfType":0,"kdfIterations":10,"salt":"{salt}""#), data)
}

/// The same, with the key and the header given.
pub fn bitwarden_with(key: [u8; 32], header: &str, data: &[u8]) -> Vec<u8> {
    let expand = Hkdf::<Sha256>::from_prk(&key).unwrap();
    let (mut cipher, mut proof) = ([0; 32], [0; 32]);
    expand.expand(b"enc", &mut cipher).unwrap();
    expand.expand(b"mac", &mut proof).unwrap();
    let sealed = |bytes: &[u8]| {
        let iv = [7; 16];
        let sealed = aes(&cipher, &iv, bytes);
        let mut mac = Hmac::<Sha256>::new_from_slice(&proof).unwrap();
        mac.update(&iv);
        mac.update(&sealed);
        let parts = [&iv[..], &sealed, &mac.finalize().into_bytes()];
        format!("2.{}", parts.map(|part| STANDARD.encode(part)).join("|"))
    };
    let (check, data) = (sealed(b"fixture check"), sealed(data));
    format!(r#"{{"encrypted":true,"passwordProtected":true,{header},"encKeyValidation_DO_NOT_EDIT":"{check}","data":"{data}"}}"#).into_bytes()
}
