//! A template is read and looked over once, so that what is left to go wrong is the service.

use std::collections::BTreeSet;

use keyturn_model::{
    rotation::Making,
    setup::{MOST_AT_ONCE, SetupFault, SetupWhy},
};
use keyturn_outbound::Method;

use super::{Ask, Shape, Template, filling::pieces};

const LONGEST: usize = 64 * 1024;
const LONGEST_NAME: usize = 40;
const LONGEST_POINTER: usize = 200;
const MOST_BLANKS: usize = 32;
const MOST_HEADERS: usize = 32;
const MOST_STATUSES: usize = 32;
const METHODS: &[Method] = &[Method::GET, Method::POST, Method::PUT, Method::PATCH, Method::DELETE];

/// When a value made now ends. Known in every request.
pub(super) const END: &[&str] = &["expiresDate", "expiresTime", "validDays", "validSeconds"];

/// Reads a template.
///
/// # Errors
/// What is wrong with it.
pub fn parse(text: &str) -> Result<Template, SetupFault> {
    let fault = |why| SetupFault::new("template", why);
    if text.len() > LONGEST {
        return Err(fault(SetupWhy::TooLong));
    }
    let template: Template = toml::from_str(text).map_err(|_| fault(SetupWhy::Template))?;
    look_over(&template).map_err(fault)?;
    Ok(template)
}

fn look_over(template: &Template) -> Result<(), SetupWhy> {
    if template.making.is_chosen() {
        return Err(SetupWhy::Template);
    }
    if !(1..=MOST_AT_ONCE).contains(&template.at_once) {
        return Err(SetupWhy::Number);
    }
    if template.blanks.len() > MOST_BLANKS || template.secrets.len() > MOST_BLANKS {
        return Err(SetupWhy::TooLong);
    }
    let mut names = BTreeSet::new();
    for name in template.blanks.keys().chain(&template.secrets) {
        let reserved = ["mark", "key", "value", "page"].contains(&name.as_str());
        if reserved || END.contains(&name.as_str()) || !is_name(name) || !names.insert(name) {
            return Err(SetupWhy::Place);
        }
    }
    if !template.optional.iter().all(|name| template.blanks.contains_key(name)) {
        return Err(SetupWhy::Place);
    }
    check(template, &template.create.ask(), &["mark"])?;
    pointers([Some(&template.create.value), template.create.key.as_ref()])?;
    if let Some(list) = &template.list {
        let paged: &[&str] = if list.pages.is_some() { &["page"] } else { &[] };
        check(template, &list.ask(), paged)?;
        let conditions = [&list.active, &list.gone].map(|it| it.as_ref().map(|it| &it.at));
        let places = [Some(&list.keys), Some(&list.key), list.mark.as_ref()];
        pointers(places.into_iter().chain(conditions).chain([list.last_used.as_ref()]))?;
        let turns = list.pages.is_none_or(|pages| pages.size > 0)
            && list.pages.is_some() == list.request.contains("{page}");
        // Without an end the keys could not be told apart by the list.
        if !turns || template.create.key.is_none() {
            return Err(SetupWhy::Template);
        }
    }
    if let Some(verify) = &template.verify {
        check(template, &verify.ask(), &["key", "value"])?;
        let statuses = verify.accepted.len().saturating_add(verify.refused.len());
        let overlap = verify.accepted.iter().any(|status| verify.refused.contains(status));
        if verify.accepted.is_empty() || verify.refused.is_empty() || overlap {
            return Err(SetupWhy::Template);
        }
        if statuses > MOST_STATUSES {
            return Err(SetupWhy::TooLong);
        }
    }
    for plain in [&template.deactivate, &template.revoke].into_iter().flatten() {
        check(template, &plain.ask(), &["key", "value"])?;
    }
    let overlaps = template.making == Making::Minted;
    if template.deactivate.is_some() && !overlaps { Err(SetupWhy::Template) } else { Ok(()) }
}

/// Whether each place of a request is known in it, and nothing secret stands in its address.
fn check(template: &Template, ask: &Ask<'_>, more: &[&str]) -> Result<(), SetupWhy> {
    let (method, address) = ask.request.split_once(' ').ok_or(SetupWhy::Template)?;
    if !METHODS.iter().any(|known| known.as_str() == method) {
        return Err(SetupWhy::Template);
    }
    let shape = |name: &str| template.blanks.get(name).copied();
    let known = |name: &str| shape(name).is_some() || END.contains(&name) || more.contains(&name);
    for (position, (place, _)) in pieces(address).enumerate() {
        let Some(place) = place else { continue };
        let fits = match shape(place) {
            Some(Shape::Address) => position == 0,
            Some(Shape::Json) => false,
            _ => position > 0 && known(place) && place != "value",
        };
        if !fits {
            return Err(SetupWhy::Place);
        }
    }
    if !["https://", "http://", "{"].iter().any(|begin| address.starts_with(begin)) {
        return Err(SetupWhy::Address);
    }
    if ask.headers.unwrap_or(&template.headers).len() > MOST_HEADERS {
        return Err(SetupWhy::TooLong);
    }
    let known = |name: &str| known(name) || template.secrets.iter().any(|secret| secret == name);
    let texts = texts(template, ask);
    let all = texts.into_iter().flat_map(pieces).filter_map(|(place, _)| place);
    if all.into_iter().all(known) { Ok(()) } else { Err(SetupWhy::Place) }
}

/// What a request says, but for where it goes.
fn texts<'a>(template: &'a Template, ask: &Ask<'a>) -> Vec<&'a str> {
    let headers = ask.headers.unwrap_or(&template.headers);
    let login = ask.login.or(template.login.as_ref()).into_iter().flatten();
    let mut texts: Vec<&str> = headers.values().chain(login).map(String::as_str).collect();
    for value in ask.body.into_iter().flat_map(|body| body.values()) {
        collect(value, &mut texts);
    }
    texts
}

/// Whether a place of this name stands in a request.
pub(super) fn named(template: &Template, ask: &Ask<'_>, name: &str) -> bool {
    let all = texts(template, ask).into_iter().chain([ask.request]).flat_map(pieces);
    all.into_iter().any(|(place, _)| place == Some(name))
}

fn collect<'a>(value: &'a toml::Value, texts: &mut Vec<&'a str>) {
    match value {
        toml::Value::String(text) => texts.push(text),
        toml::Value::Array(values) => values.iter().for_each(|value| collect(value, texts)),
        toml::Value::Table(table) => table.values().for_each(|value| collect(value, texts)),
        _ => {}
    }
}

fn pointers<'a>(all: impl IntoIterator<Item = Option<&'a String>>) -> Result<(), SetupWhy> {
    let fits = |pointer: &String| {
        (pointer.is_empty() || pointer.starts_with('/')) && pointer.len() <= LONGEST_POINTER
    };
    if all.into_iter().flatten().all(fits) { Ok(()) } else { Err(SetupWhy::Template) }
}

pub(super) fn is_name(name: &str) -> bool {
    name.len() <= LONGEST_NAME
        && name.starts_with(|first: char| first.is_ascii_alphabetic())
        && name.bytes().all(|each| each.is_ascii_alphanumeric())
}
