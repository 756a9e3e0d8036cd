//! An issuer account as it is set up: the issuer that it is for a credential, what is wrong with it, and
//! whether it works.

use std::{collections::BTreeMap, sync::Arc};

use keyturn_model::{
    AccountId, Clock, Kind,
    rotation::{Fault, Issuer},
    setup::{IssuerSetup, RotationSetup, Secrets, Server, SetupFault, SetupWhy},
};
use keyturn_outbound::{Client, login};
use secrecy::ExposeSecret;

use crate::{
    Around, Need, Tested, by_hand, mariadb, mysql, postgres, redis, sandbox, signing, template,
    webhook,
};

/// What came of a trial.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Works {
    /// What answered; may be empty.
    pub about: String,
    /// It is what it was set up as; nothing where there is nobody to ask.
    pub fits: Option<bool>,
    /// What the login is not permitted.
    pub lacks: Vec<String>,
}

/// The issuer of a credential whose value in force has these open fields.
///
/// # Errors
/// What is wrong with the setup.
pub fn issuer(
    setup: &IssuerSetup,
    around: &Around<'_>,
    current: &BTreeMap<String, String>,
) -> Result<Arc<dyn Issuer>, Vec<SetupFault>> {
    let Around { secrets, rotation, .. } = around;
    let server = |made: fn(&Server, &Secrets, &RotationSetup, &BTreeMap<_, _>) -> _, server| {
        Ok(made(server, secrets, rotation, current))
    };
    match setup {
        IssuerSetup::Sandbox { address } => sandbox::issuer(address, around),
        IssuerSetup::Webhook { .. } => webhook::issuer(setup, around),
        IssuerSetup::Http { preset, template, blanks, private } => {
            template::issuer(preset.as_deref(), template.as_deref(), blanks, *private, around)
        }
        IssuerSetup::Postgres(it) => {
            Ok(postgres::issuer(it, secrets, rotation, current, around.clock.now()))
        }
        IssuerSetup::Mysql(it) => server(mysql::issuer, it),
        IssuerSetup::Mariadb(it) => server(mariadb::issuer, it),
        IssuerSetup::Redis(it) => server(redis::issuer, it),
        IssuerSetup::ByHand { .. } => by_hand::issuer(setup, around),
        IssuerSetup::SigningSecret { receiver, sender, events, private } => {
            signing::issuer(receiver, sender, events, *private, around)
        }
    }
}

/// The issuer of an account alone, seen by no credential: it knows which keys there are, and can delete them.
///
/// # Errors
/// What is wrong with the setup.
pub fn issuer_alone(
    setup: &IssuerSetup,
    secrets: &Secrets,
    client: &Client,
    clock: &Arc<dyn Clock>,
) -> Result<Arc<dyn Issuer>, Vec<SetupFault>> {
    let rotation = no_rotation();
    let clock = Arc::clone(clock);
    let around =
        Around { client, secrets, rotation: &rotation, kind: Kind::ApiKey, value: None, clock };
    issuer(setup, &around, &BTreeMap::new())
}

/// So many calls at once an issuer of each sort gets without minding. A template says it of its service.
pub const AT_ONCE: &[(&str, u32)] = &[
    ("sandbox", 64),
    // A connection each; servers of small teams have a hundred in all.
    ("postgres", 8),
    ("mysql", 8),
    ("mariadb", 8),
    ("redis", 8),
    ("http", template::AT_ONCE),
    ("webhook", 4),
    ("signingSecret", 4),
    ("byHand", 4),
];

/// So many calls at once an account gets where nobody set another number.
#[must_use]
pub fn usual_at_once(setup: &IssuerSetup) -> u32 {
    let sort = match setup {
        IssuerSetup::Http { preset, template, .. } => {
            let text = template::text(preset.as_deref(), template.as_deref());
            let template = text.and_then(|text| template::parse(text).ok());
            return template.map_or(template::AT_ONCE, |template| template.at_once);
        }
        IssuerSetup::Sandbox { .. } => "sandbox",
        IssuerSetup::Webhook { .. } => "webhook",
        IssuerSetup::Postgres(_) => "postgres",
        IssuerSetup::Mysql(_) => "mysql",
        IssuerSetup::Mariadb(_) => "mariadb",
        IssuerSetup::Redis(_) => "redis",
        IssuerSetup::SigningSecret { .. } => "signingSecret",
        IssuerSetup::ByHand { .. } => "byHand",
    };
    AT_ONCE.iter().find(|(name, _)| *name == sort).map_or(1, |(_, most)| *most)
}

/// What is wrong with an account.
#[must_use]
pub fn faults(
    setup: &IssuerSetup,
    secrets: &Secrets,
    client: &Client,
    clock: &Arc<dyn Clock>,
) -> Vec<SetupFault> {
    if let Some(server) = server(setup) {
        let mut faults = login::faults(server);
        // Whether it is empty, not what it is.
        if secrets.get("password").is_none_or(|it| it.expose_secret().is_empty()) {
            faults.push(SetupFault::new("password", SetupWhy::Missing));
        }
        return faults;
    }
    issuer_alone(setup, secrets, client, clock).err().unwrap_or_default()
}

/// What the login of an account has to be allowed: what an administrator runs, or where it is told.
#[must_use]
pub fn needs(setup: &IssuerSetup) -> Vec<String> {
    let grants = |needs: &[Need]| needs.iter().map(|need| need.grant.to_owned()).collect();
    match setup {
        IssuerSetup::Postgres(_) => grants(postgres::NEEDS),
        IssuerSetup::Mysql(_) => grants(mysql::NEEDS),
        IssuerSetup::Mariadb(_) => grants(mariadb::NEEDS),
        IssuerSetup::Redis(_) => grants(redis::NEEDS),
        IssuerSetup::Http { preset: Some(id), .. } => {
            let known = template::preset(id).and_then(|it| template::parse(it.text).ok());
            known.map(|template| template.facts).into_iter().collect()
        }
        _ => Vec::new(),
    }
}

/// As whom an account logs in, at a server where logins have names. Elsewhere its secrets are all of its login.
#[must_use]
pub fn own_login(setup: &IssuerSetup) -> Option<&str> {
    match setup {
        IssuerSetup::Redis(server) => Some(redis::own(server)),
        _ => server(setup).map(|server| server.user.as_str()),
    }
}

/// By what the issuer knows the value in force: its key id, or what stands for it where there is none.
#[must_use]
pub fn key_of(setup: &IssuerSetup, key_id: &str, current: &BTreeMap<String, String>) -> String {
    let instead = match setup {
        _ if !key_id.is_empty() => return key_id.to_owned(),
        _ if server(setup).is_some() => current.get("user").map(String::as_str),
        // They are told values, not names.
        IssuerSetup::Webhook { .. }
        | IssuerSetup::SigningSecret { .. }
        | IssuerSetup::ByHand { .. } => Some("the value before"),
        _ => None,
    };
    instead.unwrap_or_default().to_owned()
}

/// Whether an account works, and may do what is needed.
///
/// # Errors
/// Why nobody can tell.
pub async fn try_account(
    setup: &IssuerSetup,
    secrets: &Secrets,
    client: &Client,
    clock: &Arc<dyn Clock>,
) -> Result<Works, Fault> {
    let tested = match setup {
        IssuerSetup::Postgres(server) => postgres::test(server, secrets).await?,
        IssuerSetup::Mysql(server) => mysql::test(server, secrets).await?,
        IssuerSetup::Mariadb(server) => mariadb::test(server, secrets).await?,
        IssuerSetup::Redis(server) => redis::test(server, secrets).await?,
        _ => {
            let issuer = issuer_alone(setup, secrets, client, clock).map_err(|_| Fault::Refused)?;
            let fits = issuer.standing().await?.allowed;
            if fits == Some(false) {
                return Err(Fault::Denied);
            }
            return Ok(Works { about: String::new(), fits, lacks: Vec::new() });
        }
    };
    let Tested { product, version, fits, lacks } = tested;
    let lacks = lacks.iter().filter(|need| !need.for_sessions);
    Ok(Works {
        about: format!("{product} {version}"),
        fits: Some(fits),
        lacks: lacks.map(|need| need.permission.to_owned()).collect(),
    })
}

fn server(setup: &IssuerSetup) -> Option<&Server> {
    match setup {
        IssuerSetup::Postgres(server)
        | IssuerSetup::Mysql(server)
        | IssuerSetup::Mariadb(server)
        | IssuerSetup::Redis(server) => Some(server),
        _ => None,
    }
}

fn no_rotation() -> RotationSetup {
    RotationSetup::of(AccountId::from_bytes([0; 16]))
}
