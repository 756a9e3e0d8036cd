//! Whether a run would cut off the very logins that it works with.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use keyturn_model::CredentialId;

/// From the credential that is rotated to one that the run itself needs; each stops working with the one
/// before it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cycle(pub Vec<CredentialId>);

/// The shortest way from `rotated` to one of `needed`, along `cuts_off`: which credentials stop working
/// when one changes, as they were made with it.
pub(crate) fn cycle(
    rotated: CredentialId,
    needed: &BTreeSet<CredentialId>,
    cuts_off: &BTreeMap<CredentialId, Vec<CredentialId>>,
) -> Option<Cycle> {
    let mut ways = VecDeque::from([vec![rotated]]);
    let mut seen = BTreeSet::from([rotated]);
    while let Some(way) = ways.pop_front() {
        let last = way.last()?;
        if needed.contains(last) {
            return Some(Cycle(way));
        }
        for next in cuts_off.get(last).into_iter().flatten() {
            if seen.insert(*next) {
                let mut longer = way.clone();
                longer.push(*next);
                ways.push_back(longer);
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn credential(number: u8) -> CredentialId {
        CredentialId::from_bytes([number; 16])
    }

    #[test]
    fn a_run_that_cuts_off_its_own_login_is_found_directly_and_on_the_way() {
        let [a, b, c, d] = [1, 2, 3, 4].map(credential);
        let cuts_off = BTreeMap::from([(a, vec![d, b]), (b, vec![c, a]), (d, vec![d])]);
        let found = |needed: &[_]| cycle(a, &needed.iter().copied().collect(), &cuts_off);
        assert_eq!(found(&[a]), Some(Cycle(vec![a])));
        assert_eq!(found(&[c]), Some(Cycle(vec![a, b, c])));
        assert_eq!(found(&[credential(9)]), None);
        assert_eq!(found(&[]), None);
    }
}
