//! An issuer account is asked for only so much at once as it allows; the rest waits for its turn.

use std::{
    collections::BTreeMap,
    future::Future,
    sync::{Arc, Mutex, PoisonError},
};

use keyturn_model::{
    AccountId, Entropy, Timestamp,
    rotation::{Abilities, Answer, Fault, Held, Issuer, Listed, Minted, Standing},
};
use tokio::sync::Semaphore;

/// The turns of all accounts. Whoever calls one, for a run or to try it, waits in the same line.
#[derive(Default)]
pub(crate) struct Turns(Mutex<BTreeMap<AccountId, Line>>);

/// How many calls an account gets at once, and how many of them it may still get at this moment.
#[derive(Clone)]
pub(crate) struct Line {
    most: u32,
    free: Arc<Semaphore>,
}

impl Turns {
    /// The line of an account. After the number changed, calls that are under way end as they began.
    pub(crate) fn of(&self, account: AccountId, most: u32) -> Line {
        let mut lines = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let line = lines.entry(account).or_insert_with(|| Line::new(most));
        if line.most != most {
            *line = Line::new(most);
        }
        line.clone()
    }
}

impl Line {
    fn new(most: u32) -> Self {
        let free = usize::try_from(most).unwrap_or(1);
        Self { most, free: Arc::new(Semaphore::new(free)) }
    }

    /// Does a call when it is its turn.
    pub(crate) async fn turn<T>(&self, call: impl Future<Output = T>) -> T {
        // Nobody closes it; then everybody would have a turn.
        let _turn = self.free.acquire().await.ok();
        call.await
    }
}

/// An issuer that waits for its turn before each call.
pub(crate) struct Limited {
    pub(crate) issuer: Arc<dyn Issuer>,
    pub(crate) line: Line,
}

impl Issuer for Limited {
    fn abilities(&self) -> Abilities {
        self.issuer.abilities()
    }

    fn propose(&self, entropy: &dyn Entropy) -> Held {
        self.issuer.propose(entropy)
    }

    fn standing(&self) -> Answer<'_, Result<Standing, Fault>> {
        Box::pin(self.line.turn(self.issuer.standing()))
    }

    fn list(&self) -> Answer<'_, Result<Vec<Listed>, Fault>> {
        Box::pin(self.line.turn(self.issuer.list()))
    }

    fn accepts<'a>(&'a self, held: &'a Held) -> Answer<'a, Result<bool, Fault>> {
        Box::pin(self.line.turn(self.issuer.accepts(held)))
    }

    fn last_used<'a>(&'a self, key: &'a str) -> Answer<'a, Result<Option<Timestamp>, Fault>> {
        Box::pin(self.line.turn(self.issuer.last_used(key)))
    }

    fn put<'a>(&'a self, mark: &'a str, held: &'a Held) -> Answer<'a, Result<(), Fault>> {
        Box::pin(self.line.turn(self.issuer.put(mark, held)))
    }

    fn mint<'a>(&'a self, mark: &'a str) -> Answer<'a, Result<Minted, Fault>> {
        Box::pin(self.line.turn(self.issuer.mint(mark)))
    }

    fn deactivate<'a>(&'a self, held: &'a Held) -> Answer<'a, Result<(), Fault>> {
        Box::pin(self.line.turn(self.issuer.deactivate(held)))
    }

    fn delete<'a>(&'a self, held: &'a Held) -> Answer<'a, Result<(), Fault>> {
        Box::pin(self.line.turn(self.issuer.delete(held)))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    #[derive(Default)]
    struct Counting {
        now: AtomicUsize,
        most: AtomicUsize,
    }

    impl Issuer for Counting {
        fn abilities(&self) -> Abilities {
            unreachable!("nobody asks")
        }
        fn propose(&self, _: &dyn Entropy) -> Held {
            unreachable!("nobody asks")
        }
        fn standing(&self) -> Answer<'_, Result<Standing, Fault>> {
            Box::pin(async {
                let now = self.now.fetch_add(1, Ordering::SeqCst) + 1;
                self.most.fetch_max(now, Ordering::SeqCst);
                tokio::task::yield_now().await;
                self.now.fetch_sub(1, Ordering::SeqCst);
                Err(Fault::Refused)
            })
        }
        fn list(&self) -> Answer<'_, Result<Vec<Listed>, Fault>> {
            unreachable!("nobody asks")
        }
        fn accepts<'a>(&'a self, _: &'a Held) -> Answer<'a, Result<bool, Fault>> {
            unreachable!("nobody asks")
        }
        fn last_used<'a>(&'a self, _: &'a str) -> Answer<'a, Result<Option<Timestamp>, Fault>> {
            unreachable!("nobody asks")
        }
        fn put<'a>(&'a self, _: &'a str, _: &'a Held) -> Answer<'a, Result<(), Fault>> {
            unreachable!("nobody asks")
        }
        fn mint<'a>(&'a self, _: &'a str) -> Answer<'a, Result<Minted, Fault>> {
            unreachable!("nobody asks")
        }
        fn deactivate<'a>(&'a self, _: &'a Held) -> Answer<'a, Result<(), Fault>> {
            unreachable!("nobody asks")
        }
        fn delete<'a>(&'a self, _: &'a Held) -> Answer<'a, Result<(), Fault>> {
            unreachable!("nobody asks")
        }
    }

    #[tokio::test]
    async fn no_more_calls_are_under_way_than_there_are_turns() {
        let counting = Arc::new(Counting::default());
        let issuer = Arc::clone(&counting) as Arc<dyn Issuer>;
        let (turns, account) = (Turns::default(), AccountId::from_bytes([1; 16]));
        turns.of(account, 9);
        let calls: Vec<_> = (0..20)
            .map(|_| {
                let line = turns.of(account, 3);
                let limited = Limited { issuer: Arc::clone(&issuer), line };
                tokio::spawn(async move { limited.standing().await.is_err() })
            })
            .collect();
        for call in calls {
            assert!(call.await.unwrap());
        }
        assert_eq!(counting.most.load(Ordering::SeqCst), 3);
    }
}
