//! An issuer where a person makes and deletes values at its console, and pastes what they got. Where an address
//! tells whether a value is accepted, that is asked; a value is never called proven otherwise.

use std::sync::Arc;

use keyturn_model::{
    Entropy, Kind, Timestamp,
    rotation::{Abilities, Answer, Fault, Held, Issuer, Listed, Making, Minted, Standing, Value},
    setup::{IssuerSetup, SetupFault, SetupWhy, ValueCheck},
};
use keyturn_outbound::{Client, Method, Request, fault_of};
use secrecy::{ExposeSecret, SecretString};

use crate::around::{Around, check_address, secret_of};

const MOST_STEPS: usize = 50;
const LONGEST_STEP: usize = 1000;
const LONGEST_HEADER: usize = 256;
/// For so long a service may not know yet what was just made or deleted at its console.
const SPREADS_S: u32 = 60;
const PLACE: &str = "{value}";

/// The issuer of a setup.
///
/// # Errors
/// What is wrong with the setup.
pub(crate) fn issuer(
    setup: &IssuerSetup,
    around: &Around<'_>,
) -> Result<Arc<dyn Issuer>, Vec<SetupFault>> {
    let IssuerSetup::ByHand { console, steps, overlaps, check } = setup else {
        return Err(vec![SetupFault::new("is", SetupWhy::Missing)]);
    };
    let mut faults = Vec::new();
    if !console.is_empty() {
        check_address("console", console, true, &mut faults);
    }
    if steps.len() > MOST_STEPS || steps.iter().any(|step| step.len() > LONGEST_STEP) {
        faults.push(SetupFault::new("steps", SetupWhy::TooLong));
    }
    if let Some(check) = check {
        check_faults(check, &mut faults);
    }
    if !faults.is_empty() {
        return Err(faults);
    }
    Ok(Arc::new(ByHand {
        making: if *overlaps { Making::Minted } else { Making::Regenerated },
        check: check.clone(),
        client: around.client.clone(),
        kind: around.kind,
    }))
}

fn check_faults(check: &ValueCheck, faults: &mut Vec<SetupFault>) {
    check_address("check.address", &check.address, check.private, faults);
    let of_name = |each: char| each.is_ascii_alphanumeric() || "-_".contains(each);
    let of_text = |each: char| each == ' ' || each.is_ascii_graphic();
    for (field, text, fits) in [
        ("check.header", &check.header, check.header.chars().all(of_name)),
        ("check.says", &check.says, check.says.chars().all(of_text)),
    ] {
        let why = match text.len() {
            0 => SetupWhy::Missing,
            length if length > LONGEST_HEADER => SetupWhy::TooLong,
            _ if !fits => SetupWhy::Characters,
            _ => continue,
        };
        faults.push(SetupFault::new(field, why));
    }
    if check.says.matches(PLACE).count() != 1 {
        faults.push(SetupFault::new("check.says", SetupWhy::Place));
    }
    if !(200..400).contains(&check.status) {
        faults.push(SetupFault::new("check.status", SetupWhy::Number));
    }
}

struct ByHand {
    making: Making,
    check: Option<ValueCheck>,
    client: Client,
    kind: Kind,
}

impl ByHand {
    async fn tried(&self, held: &Held) -> Result<bool, Fault> {
        let check = self.check.as_ref().ok_or(Fault::ByHand)?;
        let value = secret_of(self.kind, held).ok_or(Fault::Refused)?;
        let (before, after) = check.says.split_once(PLACE).ok_or(Fault::Refused)?;
        let says = SecretString::from([before, value.expose_secret().trim(), after].concat());
        let request = Request::new(Method::GET, &check.address).secret_header(&check.header, says);
        let answer = self.client.send(&request, check.private).await?;
        match answer.status {
            status if status == check.status => Ok(true),
            401 | 403 => Ok(false),
            status => Err(fault_of(status, answer.retry_after_s)),
        }
    }
}

fn by_hand<'a, T: Send + 'a>() -> Answer<'a, Result<T, Fault>> {
    Box::pin(async { Err(Fault::ByHand) })
}

impl Issuer for ByHand {
    fn abilities(&self) -> Abilities {
        Abilities {
            making: self.making,
            verify: self.check.is_some(),
            list: false,
            marks: false,
            last_used: false,
            deactivate: false,
            lingers: false,
            propagation_s: self.check.as_ref().map_or(0, |_| SPREADS_S),
            most_live: None,
            same_answer_s: 0,
        }
    }

    fn propose(&self, _: &dyn Entropy) -> Held {
        Held { key: String::new(), value: Value::default() }
    }

    fn standing(&self) -> Answer<'_, Result<Standing, Fault>> {
        Box::pin(async { Ok(Standing { allowed: None, keys: None }) })
    }

    fn list(&self) -> Answer<'_, Result<Vec<Listed>, Fault>> {
        by_hand()
    }

    fn accepts<'a>(&'a self, held: &'a Held) -> Answer<'a, Result<bool, Fault>> {
        Box::pin(self.tried(held))
    }

    fn last_used<'a>(&'a self, _: &'a str) -> Answer<'a, Result<Option<Timestamp>, Fault>> {
        by_hand()
    }

    fn put<'a>(&'a self, _: &'a str, _: &'a Held) -> Answer<'a, Result<(), Fault>> {
        by_hand()
    }

    fn mint<'a>(&'a self, _: &'a str) -> Answer<'a, Result<Minted, Fault>> {
        by_hand()
    }

    fn deactivate<'a>(&'a self, _: &'a Held) -> Answer<'a, Result<(), Fault>> {
        by_hand()
    }

    fn delete<'a>(&'a self, _: &'a Held) -> Answer<'a, Result<(), Fault>> {
        by_hand()
    }
}
