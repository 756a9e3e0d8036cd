//! What does not get through as it was when a file comes in or goes out: gathered by the reason,
//! and given page by page, so that a person can see all of it.

use std::collections::{BTreeMap, HashSet};

use keyturn_exchange::{Loss, Why};

use crate::{
    App, UserError,
    session::Open,
    views::{LossPage, LossView, LostTogether},
};

/// The most names of one answer.
const PAGE: usize = 500;

/// Everything that was lost, by the reason, the most first.
pub(crate) fn gathered<'a>(all: impl Iterator<Item = &'a LossView>) -> Vec<LostTogether> {
    let mut reasons: BTreeMap<&str, (LostTogether, HashSet<&str>)> = BTreeMap::new();
    for LossView { field, why } in all {
        let (together, known) = reasons.entry(why).or_default();
        together.why.clone_from(why);
        together.count = together.count.saturating_add(1);
        if known.insert(field) {
            together.names.push(field.clone());
            together.named = together.named.saturating_add(1);
        }
    }
    let mut reasons: Vec<_> = reasons.into_values().map(|(together, _)| together).collect();
    reasons.sort_by_key(|together| std::cmp::Reverse(together.count));
    reasons
}

impl Open {
    /// Keeps everything that was lost, and gives its first page.
    pub(crate) fn report(&self, lost: Vec<LostTogether>) -> Vec<LostTogether> {
        let first = |together: &LostTogether| LostTogether {
            names: page(&together.names, 0, PAGE),
            why: together.why.clone(),
            ..*together
        };
        let shown = lost.iter().map(first).collect();
        *self.lost() = lost;
        shown
    }
}

impl App {
    /// More names of what the last file that was previewed or written lost for one reason.
    pub(crate) fn read_losses(
        &self,
        open: &Open,
        input: &LossPage,
    ) -> Result<Vec<String>, UserError> {
        let lost = open.lost();
        let together = lost.iter().find(|together| together.why == input.why);
        Ok(together.map(|it| page(&it.names, input.from, PAGE)).unwrap_or_default())
    }
}

/// A part of a list that is too long for one answer.
pub(crate) fn page<T: Clone>(all: &[T], from: u32, most: usize) -> Vec<T> {
    all.iter().skip(usize::try_from(from).unwrap_or(usize::MAX)).take(most).cloned().collect()
}

pub(crate) fn loss_view(loss: Loss) -> LossView {
    let why = match loss.why {
        Why::Attachment => "attachment",
        Why::Icon => "icon",
        Why::AutoType => "autoType",
        Why::Passkey => "passkey",
        Why::Look => "look",
        Why::ProgramsOwn => "programsOwn",
        Why::TooLong => "tooLong",
        Why::Deleted => "deleted",
        Why::NotText => "notText",
        Why::NoPlace => "noPlace",
        Why::Elsewhere => "elsewhere",
        Why::OtherForm => "otherForm",
    };
    LossView { field: loss.field, why: why.to_owned() }
}
