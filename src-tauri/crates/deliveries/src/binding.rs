//! One binding: its delivery, its reload and its health check, as the engine asks for them.

use std::time::Duration;

use keyturn_model::{
    rotation::{Answer, Consumer, Fault, Health, Reload, Uptake, Value},
    setup::{BindingSetup, HealthCheck, Reloading, Secrets, Sending},
};
use secrecy::SecretString;
use tokio::time::timeout;

use crate::{
    file::Places,
    health::{look, tells_value},
    program::{self, Ended},
    template::render,
    web,
};

pub(crate) struct Bound {
    pub(crate) setup: BindingSetup,
    pub(crate) secrets: Secrets,
}

/// How a binding comes to use a value.
#[must_use]
pub fn uptake(binding: &BindingSetup) -> Uptake {
    let reload = match (&binding.sending, &binding.reloading) {
        (Sending::ByHand { .. }, _) | (_, Reloading::Manual) => Reload::Manual,
        (_, Reloading::Live) => Reload::Live,
        (_, Reloading::Command { .. } | Reloading::Http { .. }) => Reload::Restart,
        (_, Reloading::NextRun) => Reload::NextRun,
    };
    Uptake {
        reload,
        read_back: matches!(binding.sending, Sending::File { .. }),
        tells: tells_value(&binding.check),
        looks: binding.looks,
        takes_s: binding.takes_s,
        away_s: binding.away_s,
    }
}

/// Whether anything tells how it is with a binding: a file that is read back, or a health check.
#[must_use]
pub fn can_be_asked(binding: &BindingSetup) -> bool {
    matches!(binding.sending, Sending::File { .. }) || binding.check != HealthCheck::None
}

/// The secrets with which a binding logs in: what its requests say in their `Authorization`. Where a check logs in
/// to a database it is with the value itself.
#[must_use]
pub fn own_login<'a>(binding: &BindingSetup, secrets: &'a Secrets) -> Vec<&'a SecretString> {
    let asks = [
        ("delivery", matches!(binding.sending, Sending::Http { .. })),
        ("reload", matches!(binding.reloading, Reloading::Http { .. })),
        ("check", matches!(binding.check, HealthCheck::Http { .. })),
    ];
    asks.iter().filter(|(_, asks)| *asks).filter_map(|(place, _)| secrets.get(*place)).collect()
}

impl Bound {
    /// The places, where it is a file that is delivered to.
    fn places(&self) -> Option<Places> {
        match &self.setup.sending {
            Sending::File { path, format, parts } => {
                Some(Places { path: path.clone(), format: *format, parts: parts.clone() })
            }
            _ => None,
        }
    }

    /// How it is by its check, within the time that this may take; who does not answer may still be starting.
    async fn look(&self, value: Option<&Value>) -> Result<Health, Fault> {
        let limit = Duration::from_secs(self.setup.looks.timeout_s.into());
        let looked = timeout(limit, look(&self.setup.check, &self.secrets, value)).await;
        looked.unwrap_or(Err(Fault::Unknown))
    }

    async fn could_deliver(&self) -> Result<(), Fault> {
        if let Some(places) = self.places() {
            places.ready().await?;
        }
        if let Sending::Command { program, .. } = &self.setup.sending {
            program::exists(program)?;
        }
        if let Reloading::Command { program, .. } = &self.setup.reloading {
            program::exists(program)?;
        }
        match self.look(None).await? {
            Health::Well => Ok(()),
            Health::NotYet | Health::Ill | Health::CannotTell => Err(Fault::Refused),
        }
    }

    async fn hand_over(&self, value: &Value, instead_of: &Value) -> Result<(), Fault> {
        if let Some(places) = self.places() {
            return places.deliver(value, instead_of).await;
        }
        match &self.setup.sending {
            Sending::Command { program, arguments, input } => {
                let input = render(input, value)?;
                done(program::run(program, arguments, Some(&input), program::LIMIT).await?)
            }
            Sending::Http { address, body, content_type, private } => {
                let body = Some((content_type.as_str(), render(body, value)?));
                web::post(address, *private, &self.secrets, "delivery", body).await
            }
            Sending::ByHand { .. } | Sending::File { .. } => Err(Fault::ByHand),
        }
    }

    async fn have_it_taken_up(&self) -> Result<(), Fault> {
        match &self.setup.reloading {
            _ if matches!(self.setup.sending, Sending::ByHand { .. }) => Err(Fault::ByHand),
            Reloading::Live | Reloading::NextRun => Ok(()),
            Reloading::Manual => Err(Fault::ByHand),
            Reloading::Command { program, arguments } => {
                done(program::run(program, arguments, None, program::LIMIT).await?)
            }
            Reloading::Http { address, private } => {
                web::post(address, *private, &self.secrets, "reload", None).await
            }
        }
    }

    /// A value that does not lie there is not used, whatever else is well. Where a person has it taken up,
    /// only a check that names the value can tell that they did: until then it is [`Health::NotYet`].
    /// Where there is neither a check nor anything to read, it is [`Health::CannotTell`].
    async fn is_well(&self, value: &Value) -> Result<Health, Fault> {
        let places = self.places();
        if let Some(places) = &places
            && !places.holds(value).await?
        {
            return Ok(Health::NotYet);
        }
        let health = self.look(Some(value)).await?;
        let by_hand = uptake(&self.setup).reload == Reload::Manual;
        Ok(match health {
            Health::Well if by_hand && !tells_value(&self.setup.check) => Health::NotYet,
            Health::Well if places.is_none() && self.setup.check == HealthCheck::None => {
                Health::CannotTell
            }
            health => health,
        })
    }
}

/// A program that fails may have done it, or half of it.
fn done(ended: Ended) -> Result<(), Fault> {
    if ended == Ended::Well { Ok(()) } else { Err(Fault::Unknown) }
}

impl Consumer for Bound {
    fn uptake(&self) -> Uptake {
        uptake(&self.setup)
    }

    fn ready(&self) -> Answer<'_, Result<(), Fault>> {
        Box::pin(self.could_deliver())
    }

    fn holds<'a>(&'a self, value: &'a Value) -> Answer<'a, Result<bool, Fault>> {
        Box::pin(async move {
            match self.places() {
                Some(places) => places.holds(value).await,
                None => Err(Fault::Refused),
            }
        })
    }

    fn vacant(&self) -> Answer<'_, Result<bool, Fault>> {
        Box::pin(async move {
            match self.places() {
                Some(places) => places.vacant().await,
                None => Ok(false),
            }
        })
    }

    fn deliver<'a>(
        &'a self,
        value: &'a Value,
        instead_of: &'a Value,
    ) -> Answer<'a, Result<(), Fault>> {
        Box::pin(self.hand_over(value, instead_of))
    }

    fn reload(&self) -> Answer<'_, Result<(), Fault>> {
        Box::pin(self.have_it_taken_up())
    }

    fn check<'a>(&'a self, value: &'a Value) -> Answer<'a, Result<Health, Fault>> {
        Box::pin(self.is_well(value))
    }
}
