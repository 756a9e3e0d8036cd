//! Rotations in a vault that is put to the test: the engine over the journal and the inbox of that vault, at a
//! sandbox that is in another process than whoever is killed. Waiting takes no time.

use std::{collections::BTreeMap, sync::Arc};

use keyturn_engine::{Around, Driven, Rest, run_to_rest};
use keyturn_issuers::issuer;
use keyturn_model::{
    AccountId, BindingId, Clock, CredentialId, Kind, RunId, Stage, Timestamp,
    rotation::{Answer, Consumer, Held, Issuer, JournalFault, Outside, Run, Value},
    setup::{IssuerSetup, RotationSetup, Secrets},
};
use keyturn_outbound::Client;
use keyturn_testkit::{Plainly, StandingClock};
use keyturn_vault::{RunJournal, Surroundings, Told, Vault};
use secrecy::SecretString;

type Failure = Box<dyn std::error::Error + Send + Sync>;

/// Who shows this may make and delete keys at the sandbox.
pub(crate) const TOKEN: &str = "fixture-token";
/// So often a run is taken up again after the disk failed.
const TRIES: u32 = 3;

pub(crate) struct Rotating {
    pub(crate) vault: Arc<Vault>,
    pub(crate) issuer: Arc<dyn Issuer>,
    pub(crate) around: Around,
}

struct AtSandbox {
    issuer: Arc<dyn Issuer>,
    clock: Arc<StandingClock>,
}

impl Outside for AtSandbox {
    fn issuer(&self, _: &Run) -> Option<Arc<dyn Issuer>> {
        Some(Arc::clone(&self.issuer))
    }

    fn consumer(&self, _: BindingId) -> Option<Arc<dyn Consumer>> {
        None
    }

    fn until(&self, moment: Timestamp) -> Answer<'_, ()> {
        self.clock.go(moment.seconds_since(self.clock.now()).max(0) + 1);
        Box::pin(async {})
    }
}

impl Rotating {
    pub(crate) fn of(
        vault: Vault,
        (clock, around): (Arc<StandingClock>, &Surroundings),
        address: &str,
    ) -> Result<Self, Failure> {
        let vault = Arc::new(vault);
        let tells = |_, _: &BTreeMap<_, _>, _: &[_]| Told::default();
        let journal = RunJournal::of(&vault, tells, || {})?;
        let setup = IssuerSetup::Sandbox { address: address.to_owned() };
        let secrets = Secrets::from([("token".to_owned(), SecretString::from(TOKEN))]);
        let of = keyturn_issuers::Around {
            client: &Client::new().map_err(|_| "no client")?,
            secrets: &secrets,
            rotation: &way(),
            kind: Kind::ApiKey,
            value: None,
            clock: Arc::clone(&around.clock),
        };
        let issuer = issuer(&setup, &of, &BTreeMap::new()).map_err(|_| "no issuer")?;
        let outside = AtSandbox { issuer: Arc::clone(&issuer), clock };
        let (now, entropy) = (Arc::clone(&around.clock), Arc::clone(&around.entropy));
        let around =
            Around::new(Arc::new(journal), Arc::new(outside), now, entropy, Driven::default());
        Ok(Self { vault, issuer, around })
    }

    pub(crate) fn credentials(&self) -> Result<Vec<CredentialId>, Failure> {
        Ok(self.vault.first_credentials(1000)?.into_iter().map(|row| row.id).collect())
    }

    /// The value in force of a credential, and the issuer's name for it.
    pub(crate) fn current(&self, id: CredentialId) -> Result<Held, Failure> {
        let (credential, _) = self.vault.credential(id)?;
        let current = credential.versions.into_iter().find(|it| it.stage == Stage::Current);
        let key = current.ok_or("nothing is in force")?.key_id;
        let secrets = self.vault.open_values(id)?;
        Ok(Held { key, value: Value { secrets, ..Value::default() } })
    }

    /// Takes every run that is open to its end.
    pub(crate) async fn recover(&self) -> Result<(), Failure> {
        for run in self.around.journal.open_runs().await? {
            self.to_its_end(run).await?;
        }
        Ok(())
    }

    pub(crate) async fn to_its_end(&self, run: RunId) -> Result<(), Failure> {
        let mut tries = 0;
        loop {
            match run_to_rest(&self.around, run).await {
                Ok(Rest::Done | Rest::Aborted) => return Ok(()),
                Ok(rest) => return Err(format!("it rests: {rest:?}").into()),
                Err(JournalFault::Storage) if tries < TRIES => tries += 1,
                Err(fault) => return Err(fault.into()),
            }
        }
    }
}

fn way() -> RotationSetup {
    RotationSetup::of(AccountId::from_bytes([1; 16]))
}
