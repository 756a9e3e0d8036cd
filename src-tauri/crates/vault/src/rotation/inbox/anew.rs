//! The inbox when the keys of its vault change: whatever opens is sealed to the new ones.
//!
//! A piece that does not open was torn, or is sealed to keys that are gone: it hinders nothing, stays where it
//! is, and must never be deleted.

use super::*;

/// Everything that opened, put in once more under the new keys. Until it is settled which keys are in force, it
/// lies there under the old ones as well.
pub(crate) struct SealedAnew {
    inbox: Inbox,
    before: Vec<u64>,
    anew: Vec<u64>,
    /// How many pieces do not open.
    pub(crate) unreadable: usize,
}

/// Puts in whatever opens with the keys `from`, sealed to the keys `to`; nothing where there is no inbox.
pub(crate) fn seal_anew(
    vault: &Vault,
    id: VaultId,
    from: &InboxKey,
    to: &InboxKey,
) -> Result<Option<SealedAnew>> {
    Inbox::of_vault(vault, id)?.map(|inbox| inbox.seal_anew(from, to)).transpose()
}

impl Inbox {
    pub(super) fn seal_anew(self, from: &InboxKey, to: &InboxKey) -> Result<SealedAnew> {
        let (info, to) = (info(self.vault), to.public());
        let (mut before, mut sealed, mut unreadable) = (Vec::new(), Vec::new(), 0);
        let mut alone = self.alone()?;
        let file = &mut alone.0.file;
        let lying = scan(file).map_err(reading(&self.path))?;
        for lying in lying.into_iter().filter(|it| it.state == FULL) {
            let Some(plain) = from.open(&info, &lying.sealed) else {
                unreadable += 1;
                continue;
            };
            sealed.push(seal_to(&to, &info, &plain, &*self.entropy)?);
            before.push(lying.at);
        }
        let pieces = sealed.iter().map(Vec::as_slice);
        let anew = append(file, pieces).map_err(writing(&self.path))?;
        drop(alone);
        Ok(SealedAnew { inbox: self, before, anew, unreadable })
    }
}

impl SealedAnew {
    /// The new keys are in force, or the old ones stayed. What cannot be marked now opens for nobody.
    pub(crate) fn settle(self, in_force: bool) {
        let _ = self.inbox.take_out(if in_force { &self.before } else { &self.anew });
    }
}
