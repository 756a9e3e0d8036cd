//! The way from the backend to the window, typed by the contract. The window asks what there is to
//! hear, and the answer waits until there is something: nothing here ever runs a script in the page,
//! which spares this process an engine for it as well.

use std::collections::VecDeque;

use keyturn_app::{bridge::Event, views::Told};
use tauri::{AppHandle, Manager};
use tokio::sync::watch;

/// So many are kept for a window that is not listening just now.
const KEPT: usize = 64;

/// What was told lately.
pub(crate) struct Telling(watch::Sender<Lately>);

#[derive(Default)]
struct Lately {
    newest: u64,
    told: VecDeque<Told>,
}

impl Telling {
    pub(crate) fn new() -> Self {
        Self(watch::Sender::default())
    }

    fn tell<E: Event>(&self, payload: &E::Payload) {
        let Ok(payload) = serde_json::to_value(payload) else {
            tracing::warn!(event = E::NAME, "an event could not be told");
            return;
        };
        self.0.send_modify(|lately| {
            lately.newest += 1;
            if lately.told.len() == KEPT {
                lately.told.pop_front();
            }
            lately.told.push_back(Told { number: lately.newest, name: E::NAME.into(), payload });
        });
    }

    /// Whatever is told after `number`, or from now on, as soon as there is something.
    pub(crate) async fn after(&self, number: Option<u64>) -> Vec<Told> {
        let mut hearing = self.0.subscribe();
        let number = number.unwrap_or_else(|| hearing.borrow().newest);
        let newer = |told: &Told| told.number > number;
        // The sender lives as long as the program does.
        let lately = hearing.wait_for(|lately| lately.told.iter().any(newer)).await;
        lately
            .map(|lately| lately.told.iter().filter(|told| newer(told)).cloned().collect())
            .unwrap_or_default()
    }
}

/// Tells the window. One that is gone hears nothing, and nothing is lost by it.
pub(crate) fn tell<E: Event>(handle: &AppHandle, payload: E::Payload) {
    handle.state::<Telling>().tell::<E>(&payload);
}

/// Forgets what was told, as it may name what is in the vault.
pub(crate) fn forget(handle: &AppHandle) {
    handle.state::<Telling>().0.send_modify(|lately| lately.told.clear());
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use keyturn_app::{
        bridge::{LockingSoon, SecondStart},
        views::Countdown,
    };
    use tokio::time::timeout;

    use super::*;

    fn numbers(told: &[Told]) -> Vec<u64> {
        told.iter().map(|told| told.number).collect()
    }

    #[tokio::test]
    async fn what_is_told_is_heard_once_in_order_and_not_before() {
        let telling = Telling::new();
        telling.tell::<SecondStart>(&());
        let from_now_on = telling.after(None);
        tokio::pin!(from_now_on);
        let soon = Duration::from_millis(20);
        assert!(timeout(soon, &mut from_now_on).await.is_err(), "what was before is not heard");

        telling.tell::<LockingSoon>(&Countdown { seconds: Some(20) });
        let heard = from_now_on.await;
        assert_eq!(numbers(&heard), [2]);
        assert_eq!(
            (heard[0].name.as_str(), &heard[0].payload["seconds"]),
            ("locking_soon", &20.into())
        );

        telling.tell::<SecondStart>(&());
        telling.tell::<SecondStart>(&());
        assert_eq!(numbers(&telling.after(Some(2)).await), [3, 4]);
        assert_eq!(numbers(&telling.after(Some(3)).await), [4], "asked again after a lost answer");
    }

    #[tokio::test]
    async fn a_window_that_does_not_listen_fills_no_memory() {
        let telling = Telling::new();
        for _ in 0..200 {
            telling.tell::<SecondStart>(&());
        }
        assert_eq!(telling.after(Some(0)).await.len(), KEPT);
    }
}
