//! An issuer that no program can ask: a person does it at its console, and pastes what they got.

use std::sync::Arc;

use keyturn_model::{
    Entropy, Timestamp,
    rotation::{Abilities, Answer, Fault, Held, Issuer, Listed, Making, Minted, Standing, Value},
    setup::{SetupFault, SetupWhy},
};

use crate::around::check_address;

const MOST_STEPS: usize = 50;
const LONGEST_STEP: usize = 1000;

/// The issuer of a setup.
///
/// # Errors
/// What is wrong with the setup.
pub(crate) fn issuer(
    console: &str,
    steps: &[String],
    overlaps: bool,
) -> Result<Arc<dyn Issuer>, Vec<SetupFault>> {
    let mut faults = Vec::new();
    if !console.is_empty() {
        check_address("console", console, true, &mut faults);
    }
    if steps.len() > MOST_STEPS || steps.iter().any(|step| step.len() > LONGEST_STEP) {
        faults.push(SetupFault::new("steps", SetupWhy::TooLong));
    }
    let making = if overlaps { Making::Minted } else { Making::Regenerated };
    if faults.is_empty() { Ok(Arc::new(ByHand { making })) } else { Err(faults) }
}

struct ByHand {
    making: Making,
}

fn by_hand<'a, T: Send + 'a>() -> Answer<'a, Result<T, Fault>> {
    Box::pin(async { Err(Fault::ByHand) })
}

impl Issuer for ByHand {
    fn abilities(&self) -> Abilities {
        Abilities {
            making: self.making,
            verify: false,
            list: false,
            marks: false,
            last_used: false,
            deactivate: false,
            propagation_s: 0,
            most_live: None,
            same_answer_s: 0,
        }
    }

    fn propose(&self, _: &dyn Entropy) -> Held {
        Held { key: String::new(), value: Value::default() }
    }

    fn standing(&self) -> Answer<'_, Result<Standing, Fault>> {
        Box::pin(async { Ok(Standing { allowed: true, keys: None }) })
    }

    fn list(&self) -> Answer<'_, Result<Vec<Listed>, Fault>> {
        by_hand()
    }

    fn accepts<'a>(&'a self, _: &'a Held) -> Answer<'a, Result<bool, Fault>> {
        by_hand()
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
