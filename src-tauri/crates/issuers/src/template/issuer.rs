//! A service that a template describes, as the engine asks it.

use std::sync::Arc;

use base64::{Engine, prelude::BASE64_STANDARD};
use chrono::{DateTime, SecondsFormat};
use keyturn_model::{
    Clock, Entropy, Kind, Timestamp,
    rotation::{Abilities, Answer, Fault, Held, Issuer, Listed, Making, Minted, Standing, Value},
};
use keyturn_outbound::{Client, Method, Request, fault_of};
use secrecy::SecretString;
use serde_json::Value as Json;
use zeroize::Zeroizing;

use super::{
    Ask, List, Template, When,
    filling::{self, Filling, Fillings, address, plain},
    parsing::{END, named},
};
use crate::{
    around::{held, secret_of},
    json,
};

const MOST_PAGES: u32 = 50;

/// A service, with what was filled into the blanks of its template.
pub(super) struct ByTemplate {
    pub(super) client: Client,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) kind: Kind,
    pub(super) valid_days: Option<u32>,
    pub(super) template: Template,
    pub(super) fillings: Fillings,
    pub(super) private: bool,
}

impl ByTemplate {
    /// What stands in the places of a request.
    fn fillings(&self, more: impl IntoIterator<Item = (&'static str, Filling)>) -> Fillings {
        let mut all = self.fillings.clone();
        let seconds = self.valid_days.map(|days| u64::from(days).saturating_mul(86_400));
        let moment = |write: fn(DateTime<chrono::Utc>) -> String| {
            let until = seconds.map(|it| i64::try_from(it).unwrap_or(i64::MAX));
            let until = until.map(|it| self.clock.now().plus_seconds(it).utc());
            Filling::text(until.map(write).unwrap_or_default())
        };
        let date = moment(|it| it.format("%Y-%m-%d").to_string());
        let time = moment(|it| it.to_rfc3339_opts(SecondsFormat::Secs, true));
        let known = [
            ("expiresDate", date),
            ("expiresTime", time),
            ("validDays", Filling::Number(self.valid_days.map(u64::from))),
            ("validSeconds", Filling::Number(seconds)),
        ];
        all.extend(known.into_iter().chain(more).map(|(name, it)| (name.to_owned(), it)));
        all
    }

    /// When a value ends that is asked for now, where the request says so: at the earliest.
    fn ends(&self) -> Option<Timestamp> {
        let days = i64::from(self.valid_days?);
        let ends = self.clock.now().plus_seconds(days.saturating_mul(86_400));
        let says = |name: &&str| named(&self.template, &self.template.create.ask(), name);
        match END.iter().find(|name| says(name))? {
            // As that day begins.
            &"expiresDate" => Some(Timestamp(ends.0.saturating_sub(ends.0.rem_euclid(86_400_000)))),
            _ => Some(ends),
        }
    }

    /// What stands in the places of a request about a key.
    fn about(&self, held: &Held) -> Fillings {
        let key = ("key", Filling::text(&held.key));
        let value = secret_of(self.kind, held).map(|it| ("value", Filling::Secret(it.clone())));
        self.fillings([key].into_iter().chain(value))
    }

    async fn ask(&self, ask: Ask<'_>, with: &Fillings) -> Result<keyturn_outbound::Answer, Fault> {
        let (method, to) = ask.request.split_once(' ').ok_or(Fault::Refused)?;
        let method = Method::from_bytes(method.as_bytes()).map_err(|_| Fault::Refused)?;
        let mut request = Request::new(method, address(to, with)?);
        for (name, text) in ask.headers.unwrap_or(&self.template.headers) {
            let text = plain(text, with)?;
            request = request.secret_header(name, SecretString::from(text.as_str()));
        }
        let of_all = self.template.login.as_ref().filter(|_| ask.headers.is_none());
        if let Some([user, password]) = ask.login.or(of_all) {
            let (user, password) = (plain(user, with)?, plain(password, with)?);
            let pair = Zeroizing::new([user.as_str(), ":", password.as_str()].concat());
            let coded = Zeroizing::new(BASE64_STANDARD.encode(pair.as_bytes()));
            let shown = SecretString::from(["Basic ", coded.as_str()].concat());
            request = request.secret_header("authorization", shown);
        }
        if let Some(body) = ask.body {
            request = if ask.form {
                let kind = "application/x-www-form-urlencoded";
                request.with_body(kind, filling::form(body, with)?)
            } else {
                request.with_body("application/json", filling::body(body, with)?)
            };
        }
        self.client.send(&request, self.private).await
    }

    /// The keys in the list, page by page.
    async fn keys(&self, list: &List) -> Result<Vec<json::Wiped>, Fault> {
        let mut keys = Vec::new();
        for turn in 0..MOST_PAGES {
            let page = list.pages.map_or(0, |pages| pages.first.saturating_add(turn));
            let with = self.fillings([("page", Filling::Number(Some(page.into())))]);
            let answer = self.ask(list.ask(), &with).await?.done()?;
            let mut told: json::Wiped = json::read(&answer)?;
            let listed = told.0.pointer_mut(&list.keys).and_then(Json::as_array_mut);
            let listed = std::mem::take(listed.ok_or(Fault::Unknown)?);
            let count = listed.len();
            keys.extend(listed.into_iter().map(json::Wiped));
            // What may not be all of them proves nothing.
            if list.most.is_some_and(|most| count >= most) {
                return Err(Fault::Unknown);
            }
            if list.pages.is_none_or(|pages| count < pages.size) {
                return Ok(keys);
            }
        }
        Err(Fault::Unknown)
    }

    async fn plain(&self, ask: Ask<'_>, held: &Held) -> Result<(), Fault> {
        self.ask(ask, &self.about(held)).await?.done().map(|_| ())
    }
}

fn is(when: &When, key: &Json) -> bool {
    key.pointer(&when.at) == Some(&when.is)
}

fn listed(list: &List, key: &Json) -> Option<Listed> {
    let text = |pointer: &String| key.pointer(pointer).and_then(json::text);
    Some(Listed {
        key: text(&list.key)?,
        mark: list.mark.as_ref().and_then(text),
        active: list.active.as_ref().is_none_or(|when| is(when, key)),
    })
}

fn moment(at: &Json) -> Result<Option<Timestamp>, Fault> {
    match at {
        Json::Null => Ok(None),
        said => json::moment(said).map(Some).ok_or(Fault::Unknown),
    }
}

impl Issuer for ByTemplate {
    fn abilities(&self) -> Abilities {
        let list = self.template.list.as_ref();
        let overlaps = self.template.making == Making::Minted;
        Abilities {
            making: self.template.making,
            verify: self.template.verify.is_some(),
            list: list.is_some(),
            marks: list.is_some_and(|list| list.mark.is_some()),
            last_used: list.is_some_and(|list| list.last_used.is_some()),
            deactivate: overlaps && self.template.deactivate.is_some(),
            lingers: false,
            propagation_s: self.template.propagation_s,
            most_live: self.template.most_live,
            same_answer_s: 0,
        }
    }

    fn propose(&self, _: &dyn Entropy) -> Held {
        Held { key: String::new(), value: Value::default() }
    }

    fn standing(&self) -> Answer<'_, Result<Standing, Fault>> {
        Box::pin(async {
            if self.template.list.is_none() {
                return Ok(Standing { allowed: None, keys: None });
            }
            let keys = u32::try_from(self.list().await?.len()).ok();
            Ok(Standing { allowed: Some(true), keys })
        })
    }

    fn list(&self) -> Answer<'_, Result<Vec<Listed>, Fault>> {
        Box::pin(async {
            let list = self.template.list.as_ref().ok_or(Fault::Refused)?;
            let keys = self.keys(list).await?;
            let there =
                keys.iter().filter(|key| !list.gone.as_ref().is_some_and(|it| is(it, &key.0)));
            there.map(|key| listed(list, &key.0).ok_or(Fault::Unknown)).collect()
        })
    }

    fn accepts<'a>(&'a self, held: &'a Held) -> Answer<'a, Result<bool, Fault>> {
        Box::pin(async move {
            let verify = self.template.verify.as_ref().ok_or(Fault::Refused)?;
            let answer = self.ask(verify.ask(), &self.about(held)).await?;
            if verify.accepted.contains(&answer.status) {
                return Ok(true);
            }
            if verify.refused.contains(&answer.status) {
                return Ok(false);
            }
            Err(fault_of(answer.status, answer.retry_after_s))
        })
    }

    fn last_used<'a>(&'a self, key: &'a str) -> Answer<'a, Result<Option<Timestamp>, Fault>> {
        Box::pin(async move {
            let list = self.template.list.as_ref().ok_or(Fault::Refused)?;
            let at = list.last_used.as_ref().ok_or(Fault::Refused)?;
            let keys = self.keys(list).await?;
            let named = |it: &&json::Wiped| {
                it.0.pointer(&list.key).and_then(json::text).as_deref() == Some(key)
            };
            let found = keys.iter().find(named).ok_or(Fault::Gone)?;
            found.0.pointer(at).map_or(Ok(None), moment)
        })
    }

    fn put<'a>(&'a self, _: &'a str, _: &'a Held) -> Answer<'a, Result<(), Fault>> {
        Box::pin(async { Err(Fault::Refused) })
    }

    fn mint<'a>(&'a self, mark: &'a str) -> Answer<'a, Result<Minted, Fault>> {
        Box::pin(async move {
            let create = &self.template.create;
            let expires = self.ends();
            let with = self.fillings([("mark", Filling::text(mark))]);
            let answer = self.ask(create.ask(), &with).await?.done()?;
            let told = json::read::<json::Wiped>(&answer).ok();
            let minted = told.and_then(|told| {
                let value = told.0.pointer(&create.value)?.as_str().filter(|it| !it.is_empty())?;
                let key = match &create.key {
                    Some(pointer) => json::text(told.0.pointer(pointer)?)?,
                    None => mark.to_owned(),
                };
                let mut held = held(self.kind, key, SecretString::from(value));
                held.value.expires = expires;
                Some(held)
            });
            minted.ok_or(Fault::Unreadable(answer.body))
        })
    }

    fn deactivate<'a>(&'a self, held: &'a Held) -> Answer<'a, Result<(), Fault>> {
        Box::pin(async move {
            let deactivate = self.template.deactivate.as_ref().ok_or(Fault::Refused)?;
            self.plain(deactivate.ask(), held).await
        })
    }

    fn delete<'a>(&'a self, held: &'a Held) -> Answer<'a, Result<(), Fault>> {
        Box::pin(async move {
            // What cannot be told to refuse a value has to be told by a person.
            let revoke = self.template.revoke.as_ref().ok_or(Fault::ByHand)?;
            self.plain(revoke.ask(), held).await
        })
    }
}
