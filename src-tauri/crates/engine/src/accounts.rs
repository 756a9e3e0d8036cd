//! An issuer account that keeps failing is left alone for a while, by all runs that use it.

use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
};

use keyturn_model::{AccountId, Timestamp, rotation::Fault};

const MOST_FAILURES: u32 = 5;
const LEFT_ALONE_S: i64 = 5 * 60;

/// How the accounts have answered lately.
#[derive(Default)]
pub(crate) struct Accounts(Mutex<BTreeMap<AccountId, Lately>>);

#[derive(Default)]
struct Lately {
    failures: u32,
    left_alone_until: Timestamp,
}

impl Accounts {
    /// Remembers how an account answered. What was refused was answered.
    pub(crate) fn heard(&self, account: AccountId, fault: Option<&Fault>, now: Timestamp) {
        let mut accounts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if !fault.is_some_and(|fault| matches!(fault, Fault::Unknown | Fault::Busy { .. })) {
            accounts.remove(&account);
            return;
        }
        let lately = accounts.entry(account).or_default();
        lately.failures = lately.failures.saturating_add(1);
        if lately.failures >= MOST_FAILURES {
            lately.left_alone_until = now.plus_seconds(LEFT_ALONE_S);
        }
    }

    /// Until when an account is left alone, if it is. It never is for longer, also after the clock was turned back.
    pub(crate) fn left_alone(&self, account: AccountId, now: Timestamp) -> Option<Timestamp> {
        let accounts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let until = accounts.get(&account)?.left_alone_until;
        (now < until && until <= now.plus_seconds(LEFT_ALONE_S)).then_some(until)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_that_keeps_failing_is_left_alone_and_tried_once_afterwards() {
        let (accounts, account) = (Accounts::default(), AccountId::from_bytes([1; 16]));
        let now = Timestamp(0);
        for _ in 0..4 {
            accounts.heard(account, Some(&Fault::Unknown), now);
        }
        assert_eq!(accounts.left_alone(account, now), None);
        accounts.heard(account, Some(&Fault::Busy { wait_s: None }), now);
        let until = now.plus_seconds(300);
        assert_eq!(accounts.left_alone(account, now), Some(until));
        assert_eq!(accounts.left_alone(AccountId::from_bytes([2; 16]), now), None);
        assert_eq!(accounts.left_alone(account, until), None);
        let turned_back = now.plus_seconds(-3600);
        assert_eq!(accounts.left_alone(account, turned_back), None);
        accounts.heard(account, Some(&Fault::Unknown), until);
        assert_eq!(accounts.left_alone(account, until), Some(until.plus_seconds(300)));
        accounts.heard(account, Some(&Fault::Refused), until);
        assert_eq!(accounts.left_alone(account, until), None);
    }
}
