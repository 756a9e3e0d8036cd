//! Makes a vault whose map has as many nodes and links as the bench wants.

#[path = "../unlock/crowd.rs"]
mod crowd;

use std::path::Path;

use crowd::{Outcome, build_with, one_of_many};
use keyturn_model::{
    Metadata,
    setup::{BindingSetup, Consumer, Deployment, HealthCheck, Looks, Reloading, Sending},
};
use keyturn_vault::{Addition, Cost, Vault};

fn main() -> Outcome {
    let given: Vec<String> = std::env::args().skip(1).collect();
    let given: Vec<&str> = given.iter().map(String::as_str).collect();
    match given.as_slice() {
        ["build", folder, nodes, links] => build(Path::new(folder), nodes.parse()?, links.parse()?),
        _ => Err("no such measurement".into()),
    }
}

/// A tenth of the nodes are issuers; credentials, consumers and their reloads share the rest. A link from each
/// issuer to its credentials and from each consumer to its reload, and the others are bindings.
fn build(folder: &Path, nodes: usize, links: usize) -> Outcome {
    let issuers = nodes / 10;
    let each = (nodes - issuers) / 3;
    let bindings = links - 2 * each;
    let one = |number: usize| {
        let issuer = format!("issuer-{:03}.example", number % issuers);
        let addition = one_of_many(number);
        Addition { metadata: Metadata { issuer, ..addition.metadata }, ..addition }
    };
    build_with(folder, each, Cost::FLOOR, one, |vault, credentials| {
        let consumers: Vec<_> = (0..each)
            .map(|number| vault.save_consumer(None, 0, &consumer(number)))
            .collect::<Result<_, _>>()?;
        for number in 0..bindings {
            // Who uses one credential is near the others that use it, and some are far.
            let (round, at) = (number / each, number % each);
            let far = (round * round * 7 + round) % each;
            let pair = credentials.get(at).copied().zip(consumers.get((at + far) % each).copied());
            bind(vault, number, pair.ok_or("no such pair")?)?;
        }
        Ok(())
    })
}

fn consumer(number: usize) -> Consumer {
    Consumer {
        name: format!("service {number:05}"),
        environment: ["prod", "staging", "dev"][number % 3].to_owned(),
        owner: ["payments", "data", "platform", "sales", "identity"][number % 5].to_owned(),
        deployment: Deployment::Service,
        notes: String::new(),
    }
}

fn bind(
    vault: &Vault,
    number: usize,
    pair: (keyturn_model::CredentialId, keyturn_model::ConsumerId),
) -> Outcome {
    let reloading = match number % 3 {
        0 => Reloading::Command {
            program: "/usr/bin/systemctl".into(),
            arguments: vec!["restart".into(), "service".into()],
        },
        1 => Reloading::NextRun,
        _ => Reloading::Live,
    };
    let setup = BindingSetup {
        sending: Sending::ByHand { who: String::new(), steps: Vec::new() },
        reloading,
        check: HealthCheck::None,
        looks: Looks::default(),
        takes_s: 5,
        away_s: 20,
    };
    vault.save_binding(None, 0, pair, &setup, &[])?;
    Ok(())
}
