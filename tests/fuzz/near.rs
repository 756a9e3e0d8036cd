//! Files at the limits: of entries, fields, levels, bytes, packing and costs. A little more is too much.
//! They are made when the fuzzer runs, as they are large.

use keyturn_exchange::{Format, Limits};

use crate::seeds::{
    Seed, bitwarden_with, costs_of_aes, costs_of_argon2, kdbx4, kdbx4_with, onepux, seed,
};

/// How a format writes entries. In an entry `§n` is its number, `§v` its value, `§f` more fields; in a
/// field `§n` is its number.
struct Shape {
    format: Format,
    before: &'static str,
    entry: &'static str,
    field: &'static str,
    between: &'static str,
    after: &'static str,
    seal: fn(&[u8]) -> Vec<u8>,
}

const BARE: fn(&[u8]) -> Vec<u8> = <[u8]>::to_vec;

const SHAPES: [Shape; 9] = [
    Shape {
        format: Format::Kdbx,
        before: "<KeePassFile><Meta></Meta><Root><Group><Name>r</Name>",
        entry: "<Entry><String><Key>Title</Key><Value>§n</Value></String><String><Key>Password</Key><Value>§v</Value></String>§f</Entry>",
        field: "<String><Key>k§n</Key><Value>x</Value></String>",
        between: "",
        after: "</Group></Root></KeePassFile>",
        seal: kdbx4,
    },
    Shape {
        format: Format::OnePux,
        before: r#"{"accounts":[{"vaults":[{"attrs":{"name":"x"},"items":["#,
        entry: r#"{"state":"active","categoryUuid":"001","details":{"loginFields":[{"value":"§v","designation":"password"}],"sections":[{"title":"m","fields":[{"title":"a","id":"a","value":{"string":"b"}}§f]}]},"overview":{"title":"§n"}}"#,
        field: r#",{"title":"k§n","id":"k","value":{"string":"x"}}"#,
        between: ",",
        after: "]}]}]}",
        seal: onepux,
    },
    Shape {
        format: Format::Bitwarden,
        before: r#"{"encrypted":false,"items":["#,
        entry: r#"{"type":1,"name":"§n","login":{"password":"§v"},"fields":[{"name":"a","value":"b","type":0}§f]}"#,
        field: r#",{"name":"k§n","value":"x","type":0}"#,
        between: ",",
        after: "]}",
        seal: BARE,
    },
    Shape {
        format: Format::Csv,
        before: "name,password\n",
        entry: "§n,§v§f\n",
        field: ",x",
        between: "",
        after: "",
        seal: BARE,
    },
    Shape {
        format: Format::Env,
        before: "",
        entry: "K§n=§v\n",
        field: "",
        between: "",
        after: "",
        seal: BARE,
    },
    Shape {
        format: Format::VaultKv,
        before: "{",
        entry: r#""kv/§n":{"password":"§v"§f}"#,
        field: r#","k§n":"x""#,
        between: ",",
        after: "}",
        seal: BARE,
    },
    Shape {
        format: Format::AwsSecrets,
        before: r#"{"SecretValues":["#,
        entry: r#"{"Name":"§n","SecretString":"§v","Tags":[{"Key":"a","Value":"b"}§f]}"#,
        field: r#",{"Key":"k§n","Value":"x"}"#,
        between: ",",
        after: "]}",
        seal: BARE,
    },
    Shape {
        format: Format::Kubernetes,
        before: "",
        entry: "apiVersion: v1\nkind: Secret\nmetadata: {name: s§n}\nstringData:\n  password: \"§v\"\n§f",
        field: "  k§n: x\n",
        between: "---\n",
        after: "",
        seal: BARE,
    },
    Shape {
        format: Format::Json,
        before: r#"{"format":"keyturn-records","version":1,"records":["#,
        entry: r#"{"name":"§n","fields":[{"name":"password","secret":true,"text":"§v"}§f]}"#,
        field: r#",{"name":"k§n","secret":false,"text":"x"}"#,
        between: ",",
        after: "]}",
        seal: BARE,
    },
];

impl Shape {
    fn file(&self, entries: usize, value: &str, fields: usize) -> String {
        let fields: String =
            (0..fields).map(|n| self.field.replace("§n", &n.to_string())).collect();
        let entry = |n: usize| {
            self.entry.replace("§n", &n.to_string()).replace("§v", value).replace("§f", &fields)
        };
        let entries: Vec<String> = (0..entries).map(entry).collect();
        [self.before, &entries.join(self.between), self.after].concat()
    }

    /// One entry, and beside it or in it so many levels; nothing where the format has none.
    fn deep(&self, levels: usize) -> Option<String> {
        let whole = self.file(1, "x", 0);
        let lists = |levels: usize| ["[".repeat(levels), "]".repeat(levels)].concat();
        match self.format {
            Format::Csv | Format::Env => None,
            Format::Kdbx => {
                let group = "<Group><Name>g</Name>".repeat(levels - 1);
                let ends = "</Group>".repeat(levels - 1);
                let open = [self.before, &group].concat();
                Some(
                    whole
                        .replace(self.before, &open)
                        .replace("</Entry>", &["</Entry>", &ends].concat()),
                )
            }
            // It is in two maps already.
            Format::Kubernetes => Some(format!("{whole}  deep: {}\n", lists(levels - 2))),
            _ => Some(whole.replacen('{', &format!(r#"{{"x":{},"#, lists(levels + 5)), 1)),
        }
    }
}

/// One or more of this format, each at one limit.
pub(crate) fn of(format: Format, limits: &Limits) -> Vec<Seed> {
    let mut seeds = Vec::new();
    for shape in SHAPES.iter().filter(|shape| shape.format == format) {
        let mut put = |text: String, entries| seeds.push(seed(format, text, shape.seal, entries));
        put(shape.file(limits.entries - 2, "x", 0), limits.entries - 2);
        let mut near = |text: String| put(text, 1);
        near(shape.file(1, &"x".repeat(limits.value - 8), 0));
        if !shape.field.is_empty() {
            // A table has fewer columns than an entry may have fields.
            let most = if format == Format::Csv { 200 } else { limits.parts };
            near(shape.file(1, "x", most - 4));
        }
        shape.deep(limits.nesting).into_iter().for_each(&mut near);
        if matches!(format, Format::Kdbx | Format::OnePux) {
            // What packs to next to nothing may become this large.
            let one = shape.file(1, "x", 0);
            let blanks = " ".repeat(1024 * 1024 - one.len() - 200);
            near(one + &blanks);
        }
    }
    let most = limits.derivation;
    match format {
        Format::Kdbx => {
            let dear =
                |costs: Vec<u8>| seed(format, costs, |costs| kdbx4_with(costs, b"", [0; 32]), 0);
            let lanes = most.argon2_lanes;
            seeds.push(dear(costs_of_argon2(most.argon2_memory, most.argon2_passes, lanes)));
            seeds.push(dear(costs_of_aes(most.aes_rounds)));
        }
        Format::Bitwarden => {
            let (memory, passes) = (most.argon2_memory / (1024 * 1024), most.argon2_passes);
            for costs in [
                format!(r#""kdfType":0,"kdfIterations":{},"salt":"x""#, most.pbkdf2),
                format!(
                    r#""kdfType":1,"kdfIterations":{passes},"kdfMemory":{memory},"kdfParallelism":4,"salt":"x""#
                ),
            ] {
                let seal =
                    |costs: &[u8]| bitwarden_with([0; 32], &String::from_utf8_lossy(costs), b"{}");
                seeds.push(seed(format, costs, seal, 0));
            }
        }
        _ => {}
    }
    seeds
}
