//! Issuers and consumers as they are set up in the vault: made anew each time one is asked.

use std::{
    sync::{Arc, OnceLock, Weak},
    time::Duration,
};

use keyturn_issuers::{Around, Works, template};
use keyturn_model::{
    BindingId, Clock, CredentialId, Metadata, Timestamp,
    rotation::{Answer, Consumer, Fault, Health, Held, Issuer, Reload, Run, Uptake, Value, Why},
    setup::{
        AccountSetup, BindingSetup, IssuerSetup, MOST_AT_ONCE, RotationSetup, Secrets, SetupFault,
        SetupWhy,
    },
};
use keyturn_outbound::Client;
use keyturn_vault::Vault;

use crate::{
    UserError,
    accounts::too_long,
    limited::{Limited, Line, Turns},
    views::{Preset, Tried},
};

/// One client for all: it keeps no state between calls but its trust.
static CLIENT: OnceLock<Client> = OnceLock::new();

fn client() -> Result<Client, UserError> {
    if let Some(client) = CLIENT.get() {
        return Ok(client.clone());
    }
    let made = Client::new().map_err(|_| UserError::internal())?;
    Ok(CLIENT.get_or_init(|| made).clone())
}

const LONGEST: usize = 1000;

/// The services that are known by a template.
pub(crate) fn presets() -> Vec<Preset> {
    let preset = |known: &template::Preset| {
        let parsed = template::parse(known.text).ok()?;
        Some(Preset {
            id: known.id.to_owned(),
            name: parsed.name,
            blanks: parsed.blanks.into_keys().collect(),
            optional: parsed.optional,
            secrets: parsed.secrets,
            facts: parsed.facts,
            at_once: parsed.at_once,
        })
    };
    template::PRESETS.iter().filter_map(preset).collect()
}

/// What the login of an account has to be allowed.
pub(crate) fn needs(setup: &IssuerSetup) -> Vec<String> {
    keyturn_issuers::needs(setup)
}

/// How many calls at once an account gets.
pub(crate) fn at_once(setup: &AccountSetup) -> u32 {
    setup.at_once.unwrap_or_else(|| keyturn_issuers::usual_at_once(&setup.issuer))
}

/// What is wrong with an account that is to be kept.
pub(crate) fn account_faults(
    setup: &AccountSetup,
    secrets: &Secrets,
    clock: &Arc<dyn Clock>,
) -> Result<Vec<SetupFault>, UserError> {
    let mut faults = keyturn_issuers::faults(&setup.issuer, secrets, &client()?, clock);
    if !(1..=MOST_AT_ONCE).contains(&at_once(setup)) {
        faults.push(SetupFault::new("atOnce", SetupWhy::Number));
    }
    Ok(faults)
}

/// What is wrong with a binding that is to be kept.
pub(crate) fn binding_faults(setup: &BindingSetup, of: &Metadata) -> Vec<SetupFault> {
    let names: Vec<&str> = of.kind.fields().iter().map(|field| field.name).collect();
    keyturn_deliveries::faults(setup, &names)
}

/// What is wrong with how a credential is to be rotated.
pub(crate) fn rotation_faults(setup: &RotationSetup) -> Vec<SetupFault> {
    let number =
        |field: &str, good: bool| (!good).then(|| SetupFault::new(field, SetupWhy::Number));
    let users = match setup.users.as_slice() {
        [] => None,
        [one, other] if !one.is_empty() && !other.is_empty() && one != other => None,
        _ => Some(SetupFault::new("users", SetupWhy::Missing)),
    };
    [
        users,
        setup.users.iter().find_map(|user| too_long("users", user, LONGEST)),
        number("atOnce", (1..=MOST_AT_ONCE).contains(&setup.at_once)),
        number("graceS", setup.grace_s.is_none_or(|grace| (0..=90 * 24 * 3600).contains(&grace))),
        number("validDays", setup.valid_days.is_none_or(|days| (1..=3650).contains(&days))),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// The value of a credential that is in force.
pub(crate) fn current_value(vault: &Vault, id: CredentialId) -> Result<Value, UserError> {
    let (credential, _) = vault.credential(id)?;
    let secrets = vault.open_values(id)?;
    Ok(Value { fields: credential.metadata.fields, secrets, expires: credential.metadata.expires })
}

/// The issuer of an account alone; nothing where its setup is not whole.
pub(crate) fn issuer_alone(
    setup: &IssuerSetup,
    secrets: &Secrets,
    clock: &Arc<dyn Clock>,
    line: Line,
) -> Result<Option<Arc<dyn Issuer>>, UserError> {
    let issuer = keyturn_issuers::issuer_alone(setup, secrets, &client()?, clock).ok();
    Ok(issuer.map(|issuer| Arc::new(Limited { issuer, line }) as Arc<dyn Issuer>))
}

/// Whether an account works.
pub(crate) async fn try_account(
    setup: &IssuerSetup,
    secrets: &Secrets,
    clock: &Arc<dyn Clock>,
) -> Result<Tried, UserError> {
    Ok(match keyturn_issuers::try_account(setup, secrets, &client()?, clock).await {
        Ok(Works { about, fits, lacks }) => {
            // Something else is there than it was set up as.
            let why = (fits == Some(false)).then_some(Why::Conflict);
            Tried { works: fits.map(|fits| fits && lacks.is_empty()), about, lacks, why }
        }
        Err(fault) => failed(&fault),
    })
}

/// Whether a consumer is well, and a value could reach it.
pub(crate) async fn try_consumer(setup: &BindingSetup, secrets: &Secrets, value: &Value) -> Tried {
    let works = match looked_at(&*keyturn_deliveries::consumer(setup, secrets), value).await {
        Ok(true) => keyturn_deliveries::can_be_asked(setup).then_some(true),
        Ok(false) => return failed(&Fault::Conflict),
        Err(fault) => return failed(&fault),
    };
    Tried { works, about: String::new(), lacks: Vec::new(), why: None }
}

/// Whether nothing speaks against it.
async fn looked_at(consumer: &dyn Consumer, value: &Value) -> Result<bool, Fault> {
    consumer.ready().await?;
    let Uptake { reload, tells, read_back, .. } = consumer.uptake();
    // Whether a person had it taken up shows nowhere; it is well, and may have the value lying there.
    if reload == Reload::Manual && !tells {
        return if read_back { consumer.holds(value).await } else { Ok(true) };
    }
    Ok(matches!(consumer.check(value).await?, Health::Well | Health::CannotTell))
}

fn failed(fault: &Fault) -> Tried {
    Tried { works: Some(false), about: String::new(), lacks: Vec::new(), why: Some(fault.why()) }
}

/// The issuer of a credential, and its value that is in force.
pub(crate) struct SetUp {
    pub(crate) issuer: Arc<dyn Issuer>,
    pub(crate) current: Held,
    pub(crate) rotation: RotationSetup,
    pub(crate) account: IssuerSetup,
    /// With which the account logs in.
    pub(crate) account_secrets: Secrets,
    pub(crate) metadata: Metadata,
}

/// How a credential is rotated, as it is set up.
pub(crate) fn set_up(
    vault: &Vault,
    id: CredentialId,
    clock: &Arc<dyn Clock>,
    turns: &Turns,
) -> Result<Option<SetUp>, UserError> {
    let Some(kept) = vault.rotation(id)? else { return Ok(None) };
    let Some((_, account)) = vault.account_setup(kept.setup.account)? else { return Ok(None) };
    let secrets = vault.setup_secrets(kept.setup.account)?;
    let (credential, _) = vault.credential(id)?;
    let metadata = credential.metadata;
    let values = vault.open_values(id)?;
    let main = values.iter().find(|(name, _)| name == metadata.kind.value());
    let client = client()?;
    let around = Around {
        client: &client,
        secrets: &secrets,
        rotation: &kept.setup,
        kind: metadata.kind,
        value: main.map(|(_, value)| value.clone()),
        clock: Arc::clone(clock),
    };
    let line = turns.of(kept.setup.account, at_once(&account));
    let account = account.issuer;
    let Ok(issuer) = keyturn_issuers::issuer(&account, &around, &metadata.fields) else {
        return Ok(None);
    };
    let current = credential.versions.iter().find(|it| it.stage == keyturn_model::Stage::Current);
    let key_id = current.map_or("", |version| version.key_id.as_str());
    let key = keyturn_issuers::key_of(&account, key_id, &metadata.fields);
    let value =
        Value { fields: metadata.fields.clone(), secrets: values, expires: metadata.expires };
    Ok(Some(SetUp {
        issuer: Arc::new(Limited { issuer, line }),
        current: Held { key, value },
        rotation: kept.setup,
        account,
        account_secrets: secrets,
        metadata,
    }))
}

/// What the engine asks, as long as the vault is open.
pub(crate) struct Outside {
    vault: Weak<Vault>,
    clock: Arc<dyn Clock>,
    turns: Arc<Turns>,
}

impl Outside {
    pub(crate) fn of(vault: &Arc<Vault>, clock: Arc<dyn Clock>, turns: Arc<Turns>) -> Self {
        Self { vault: Arc::downgrade(vault), clock, turns }
    }
}

impl keyturn_model::rotation::Outside for Outside {
    fn issuer(&self, run: &Run) -> Option<Arc<dyn Issuer>> {
        let vault = self.vault.upgrade()?;
        let set_up = set_up(&vault, run.credential, &self.clock, &self.turns).ok()??;
        (set_up.rotation.account == run.account).then_some(set_up.issuer)
    }

    fn consumer(&self, binding: BindingId) -> Option<Arc<dyn Consumer>> {
        let vault = self.vault.upgrade()?;
        let kept = vault.binding(binding).ok()??;
        let secrets = vault.setup_secrets(binding).ok()?;
        Some(keyturn_deliveries::consumer(&kept.setup, &secrets))
    }

    fn until(&self, moment: Timestamp) -> Answer<'_, ()> {
        let left = moment.0.saturating_sub(self.clock.now().0);
        let left = Duration::from_millis(u64::try_from(left).unwrap_or(0));
        Box::pin(tokio::time::sleep(left))
    }
}
