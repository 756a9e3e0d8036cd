//! Keys with our mark that nobody owns: found by the list of an account, and deleted when a person says so.

use keyturn_model::{
    AccountId,
    rotation::{Fault, Held, Issuer, JournalFault, Orphan, Value},
};

use crate::{around::Around, here::entry};

/// Why orphans could not be looked for, or one not be deleted.
#[derive(Debug, thiserror::Error)]
pub enum OrphanFault {
    /// The issuer did not do it.
    #[error(transparent)]
    Issuer(#[from] Fault),
    /// The journal did not.
    #[error(transparent)]
    Journal(#[from] JournalFault),
    /// It has no list of its keys with their marks, so nothing can be found or proven there.
    #[error("the issuer cannot list its keys")]
    CannotList,
    /// The run that may have left it is open, and deletes it itself or still needs it.
    #[error("the run of the key is open")]
    RunOpen,
    /// Nothing proves that it is ours, or it is in use.
    #[error("nothing proves that the key is ours and unused")]
    NotProvablyOurs,
    /// It is still in the list after it was deleted; that may take its time.
    #[error("the key is still there")]
    StillThere,
}

/// Enters every key of an account that carries a mark of this vault, is in no version and no inbox, and
/// belongs to no run that is open. Returns the whole list.
///
/// # Errors
/// When the issuer cannot list, or it or the journal cannot be asked.
pub async fn find_orphans(
    around: &Around,
    account: AccountId,
    issuer: &dyn Issuer,
) -> Result<Vec<Orphan>, OrphanFault> {
    can_list(issuer)?;
    let (open, known) = (around.journal.open_runs().await?, around.journal.orphans(account).await?);
    for listed in issuer.list().await? {
        let Some(mark) = listed.mark else { continue };
        let Some(run) = around.journal.run_of_mark(&mark).await? else { continue };
        let entered = known.iter().any(|orphan| orphan.key.as_ref() == Some(&listed.key));
        if entered || open.contains(&run) || around.journal.has_key(account, &listed.key).await? {
            continue;
        }
        let since = around.clock.now();
        let orphan = Orphan { account, mark, key: Some(listed.key), run, since };
        around.journal.set_orphan(&orphan, true, entry("orphan.found", "")).await?;
    }
    Ok(around.journal.orphans(account).await?)
}

fn can_list(issuer: &dyn Issuer) -> Result<(), OrphanFault> {
    let able = issuer.abilities();
    if able.list && able.marks { Ok(()) } else { Err(OrphanFault::CannotList) }
}

/// Deletes an orphan, after another look that it is one, and takes it off the list once it is gone.
///
/// # Errors
/// When its run is open, it is not provably ours, in use, or not gone.
pub async fn remove_orphan(
    around: &Around,
    orphan: &Orphan,
    issuer: &dyn Issuer,
) -> Result<(), OrphanFault> {
    let journal = &around.journal;
    if journal.open_runs().await?.contains(&orphan.run) {
        return Err(OrphanFault::RunOpen);
    }
    if journal.run_of_mark(&orphan.mark).await? != Some(orphan.run) {
        return Err(OrphanFault::NotProvablyOurs);
    }
    can_list(issuer)?;
    let found = |listed: &keyturn_model::rotation::Listed| {
        listed.mark.as_ref() == Some(&orphan.mark)
            && orphan.key.as_ref().is_none_or(|key| *key == listed.key)
    };
    for listed in issuer.list().await?.into_iter().filter(found) {
        if journal.has_key(orphan.account, &listed.key).await? {
            return Err(OrphanFault::NotProvablyOurs);
        }
        match issuer.delete(&Held { key: listed.key, value: Value::default() }).await {
            Ok(()) | Err(Fault::Gone) => {}
            Err(fault) => return Err(fault.into()),
        }
    }
    if issuer.list().await?.iter().any(found) {
        return Err(OrphanFault::StillThere);
    }
    journal.set_orphan(orphan, false, entry("orphan.deleted", "")).await?;
    Ok(())
}
